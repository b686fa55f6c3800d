// Writes src/_api.ts from the server's description, so that front end and server cannot drift; --check only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';
import prettier from 'prettier';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, '..', 'src', 'nbcairn', 'server', 'schema', 'api.json');
const target = join(here, 'src', '_api.ts');
const { $defs, info } = JSON.parse(readFileSync(source, 'utf8'));

const banner = `// Generated from src/nbcairn/server/schema/api.json by jupyter_ext/generate-api.mjs. Do not edit.

/** Version of the REST description these types were made from. */
export const CONTRACT = ${Number(info.version)};
`;
const everything = {
  title: 'AllTypes',
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(Object.keys($defs).map(name => [name, { $ref: `#/$defs/${name}` }])),
  $defs
};
const raw = await compile(everything, 'AllTypes', { bannerComment: banner, unreachableDefinitions: false });
const text = raw.replace(/export interface (\w+)/g, 'export interface I$1');
const names = [...raw.matchAll(/export interface (\w+)/g)].map(match => match[1]);
const renamed = names.reduce((all, name) => all.replace(new RegExp(`(?<=[:|(<] ?)${name}(?=[;|)\\[\\s>])`, 'g'), `I${name}`), text);
const wanted = await prettier.format(renamed, { parser: 'typescript', singleQuote: true, trailingComma: 'none', arrowParens: 'avoid', printWidth: 120 });

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== wanted) {
    console.error('jupyter_ext/src/_api.ts does not match the REST description. Run: npm run generate:api');
    process.exit(1);
  }
} else {
  writeFileSync(target, wanted);
}
