/**
 * A Prettier plugin for AssemblyScript, whose decorators may stand before functions and constants, where TypeScript's grammar has none.
 * Such a decorator, alone on an unindented line, is shown to the parser as a comment and printed as it was.
 *
 * (assemblyscript-prettier was tried: it brings a second compiler, and blank lines before each decorator.)
 */
import estree from 'prettier/plugins/estree';
import typescript from 'prettier/plugins/typescript';

const MARK = 'decorator:';

const printer = estree.printers.estree;

export const parsers = {
  typescript: {
    ...typescript.parsers.typescript,
    astFormat: 'assemblyscript',
    preprocess: (text) => text.replace(/^(?=@\w+(\(.*\))?$)/gm, `//${MARK}`),
  },
};

export const printers = {
  assemblyscript: {
    ...printer,
    printComment(path, options) {
      const { value } = path.node;
      return value.startsWith(MARK) ? value.slice(MARK.length) : printer.printComment(path, options);
    },
  },
};
