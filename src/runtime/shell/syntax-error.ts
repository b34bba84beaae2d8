/** Syntax errors in each shell's own words. */
import type { SyntaxProblem } from './grammar.js';
import type { Flavour, ShellProcess } from './state.js';

/** `by`: eval, when its argument is to blame. */
export function syntaxError(shell: ShellProcess, source: string, problem: SyntaxProblem, by?: string): string {
  const { name, flavour } = shell;
  if (flavour === 'bash') {
    const head = `${name}: ${by ?? '-c'}: line ${problem.line}: `;
    return `${head}${problem.text}\n${problem.showsLine ? `${head}\`${source.split('\n')[problem.line - 1] ?? ''}'\n` : ''}`;
  }
  if (flavour === 'dash') return `${name}: ${problem.line}: ${by === undefined ? '' : `${by}: `}Syntax error: ${problem.text}\n`;
  const text = /^EOF/.test(problem.text) ? problem.text : problem.text.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  return `${name}: ${by === undefined ? '' : `${by}: line 0: `}syntax error: ${text}\n`;
}

/** What the tree's parser has found and the grammar has not: something of bash's own, mostly. */
export function problemOf(source: string, flavour: Flavour, error: { readonly message: string; readonly line: number; readonly pos: number }): SyntaxProblem {
  const { line } = error;
  const start =
    error.line <= 1
      ? 0
      : source
          .split('\n')
          .slice(0, line - 1)
          .join('\n').length;
  if (/^unterminated|unclosed/.test(error.message)) {
    const char = quoteOf(source);
    return {
      text: flavour === 'bash' ? `unexpected EOF while looking for matching \`${char}'` : 'Unterminated quoted string',
      line,
      showsLine: false,
      start,
      // bash reads an array's value by itself, and fails as a command does.
      status: flavour === 'bash' && /(?:^|[\s;&|({])[A-Za-z_]\w*\+?=\([^)]*$/.test(source) ? 1 : 2,
    };
  }
  const token = /^(;;|&&|\|\||[;&|()<>]|[^\s;&|()<>]+)/.exec(source.slice(error.pos).trimStart())?.[0] ?? '';
  if (token === '') {
    const end = source.replace(/\n$/, '').split('\n').length + 1;
    const text = flavour === 'bash' ? 'syntax error: unexpected end of file' : flavour === 'dash' ? 'end of file unexpected' : 'unexpected end of file';
    return { text, line: flavour === 'bash' ? end : line, showsLine: false, start, status: 2 };
  }
  if (flavour === 'bash') return { text: `syntax error near unexpected token \`${token}'`, line, showsLine: true, start, status: 2 };
  return { text: flavour === 'dash' ? `"${token}" unexpected` : `unexpected "${token}"`, line, showsLine: false, start, status: 2 };
}

const quoteOf = (source: string): string => ((source.match(/"/g) ?? []).length % 2 === 1 ? '"' : (source.match(/'/g) ?? []).length % 2 === 1 ? "'" : ')');
