import jupyter from '@jupyter/eslint-plugin';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/lib/**', '**/node_modules/**', 'jupyter_ext/src/_api.ts', '.venv/**', 'src/nbcairn/labextension/**'] },
  ...tseslint.configs.recommended,
  { plugins: { jupyter } },
  ...[jupyter.configs.recommended].flat(),
  {
    files: ['jupyter_ext/src/**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { project: './jupyter_ext/tsconfig.test.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      // The model, the commands and the status item must be there when the application starts; all that draws is deferred.
      // The data grid is used in modules that are loaded with `import()` themselves.
      'jupyter/prefer-lazy-imports': ['warn', { ignoreImports: ['@lumino/datagrid', './cairn', './commands', './pages/commands', './panels/sidebar', './status'] }],
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'interface', format: ['PascalCase'], custom: { regex: '^I[A-Z]', match: true } }
      ],
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      curly: ['error', 'all'],
      eqeqeq: 'error'
    }
  },
  {
    files: ['jupyter_ext/src/__tests__/**'],
    rules: { 'jupyter/no-untranslated-string': 'off' }
  }
);
