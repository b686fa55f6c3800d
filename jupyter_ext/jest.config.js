const babel = require('@jupyterlab/testing/lib/babel-config').default;
const preset = require('@jupyterlab/testing/lib/jest-config');

const esModules = [
  '@codemirror', '@jupyter/', '@jupyterlab/', '@lumino/', '@microsoft', 'lib0', 'nanoid', 'y-protocols', 'yjs', 'marked',
  'exenv-es6', 'vscode-ws-jsonrpc', 'style-mod', 'crelt', 'w3c-keyname', '@rjsf'
].join('|');
const root = `${__dirname}/..`;

module.exports = {
  ...preset(root),
  rootDir: root,
  testRegex: 'jupyter_ext/src/__tests__/.*\\.spec\\.tsx?$',
  transform: {
    '\\.svg$': '@jupyterlab/testing/lib/jest-raw-loader.js',
    '^.+\\.(ts|tsx)$': ['ts-jest', { tsconfig: 'jupyter_ext/tsconfig.test.json', diagnostics: false }],
    '^.+\\.(js|jsx|mjs)$': ['babel-jest', babel]
  },
  transformIgnorePatterns: [`/node_modules/(?!(.*?)(${esModules}))`],
  modulePathIgnorePatterns: ['<rootDir>/.venv', '<rootDir>/src/nbcairn/labextension', '<rootDir>/ui-tests', '<rootDir>/jupyter_ext/lib'],
  reporters: ['default'],
  collectCoverage: false
};
