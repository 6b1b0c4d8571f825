/**
 * What the linter asks. Beside the usual rules: results never depend on the host's inexact mathematics, on its clock
 * or on chance, files and functions stay short, and no test is left out silently.
 */
import svelte from 'eslint-plugin-svelte';
import typescript from 'typescript-eslint';

const INEXACT_MATH = [
  ...['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'pow', 'cbrt', 'hypot'],
  ...['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'],
];

const bannedMath = INEXACT_MATH.map((property) => ({
  object: 'Math',
  property,
  message: 'Its last bit differs between hosts: use the function that the kernel exports.',
}));

const bannedChance = { object: 'Math', property: 'random', message: 'A run repeats exactly: draw from its seed.' };

const bannedClocks = ['Date', 'performance'].map((object) => ({
  object,
  property: 'now',
  message: 'Results do not depend on the clock; let the caller measure time.',
}));

const bannedPowers = ['BinaryExpression[operator="**"]', 'AssignmentExpression[operator="**="]'].map((selector) => ({
  selector,
  message: 'The power operator is inexact like Math.pow: multiply, or use the function that the kernel exports.',
}));

const bannedToday = { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: bannedClocks[0].message };

const bannedTestMarks = ['it', 'test', 'describe'].flatMap((object) =>
  ['skip', 'only'].map((property) => ({ object, property, message: 'Every test runs, always.' })),
);

const unusedVariables = ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }];

export default typescript.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'assembly/generated/'] },

  {
    files: ['**/*.{ts,js,mjs,svelte}'],
    ignores: ['assembly/**'],
    extends: [...typescript.configs.recommended],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-unused-vars': unusedVariables,
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },

  ...svelte.configs['flat/recommended'],
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: typescript.parser } },
    // A `let` that a template binds to looks constant to the plain rule.
    rules: { 'prefer-const': 'off', 'svelte/prefer-const': 'off' },
  },

  // The kernel is AssemblyScript: TypeScript's parser reads it, but most rules misread it.
  {
    files: ['assembly/**/*.ts'],
    languageOptions: { parser: typescript.parser, parserOptions: { allowInvalidAST: true } },
  },

  {
    files: ['**/*.{ts,js,mjs,svelte}'],
    ignores: ['tests/**'],
    rules: { 'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['domain/**/*.ts', 'engine/**/*.ts', 'cli/**/*.ts', 'web/**/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['domain/**/*.ts', 'engine/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', ...bannedMath, bannedChance, ...bannedClocks],
      'no-restricted-syntax': ['error', ...bannedPowers, bannedToday],
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: { 'no-restricted-properties': ['error', ...bannedTestMarks] },
  },
);
