/** Syntax errors in each shell's own words. */
import type { ShellProcess } from './state.js';

export function syntaxError(shell: ShellProcess, source: string, error: { readonly message: string; readonly line: number; readonly pos: number }): string {
  const atEnd = error.pos >= source.trimEnd().length;
  const closer = /close '(if|while|until|for|case)'|expected '(then|do|done|fi|esac|in)'|closing '([)}])'|close '([({])/.exec(error.message);
  const word =
    closer?.[1] === undefined
      ? (closer?.[2] ?? closer?.[3])
      : ({ if: 'fi', while: 'done', until: 'done', for: 'done', case: 'esac' } as const)[closer[1] as 'if'];
  const expecting = atEnd && word !== undefined ? ` (expecting "${word}")` : '';
  if (shell.flavour === 'bash') {
    if (/^unterminated|unclosed/.test(error.message))
      return `${shell.name}: -c: line ${error.line}: unexpected EOF while looking for matching \`${quoteOf(source)}'\n`;
    const token = /^\S+/.exec(source.slice(error.pos).trimStart())?.[0] ?? '';
    if (atEnd) return `${shell.name}: -c: line ${source.replace(/\n$/, '').split('\n').length + 1}: syntax error: unexpected end of file\n`;
    return `${shell.name}: -c: line ${error.line}: syntax error near unexpected token \`${token}'\n${shell.name}: -c: line ${error.line}: \`${source.split('\n')[error.line - 1] ?? ''}'\n`;
  }
  const what = /^unterminated|unclosed/.test(error.message)
    ? shell.flavour === 'dash'
      ? 'Unterminated quoted string'
      : 'unterminated quoted string'
    : atEnd
      ? shell.flavour === 'dash'
        ? `end of file unexpected${expecting}`
        : `unexpected end of file${expecting}`
      : `${shell.flavour === 'dash' ? '' : 'unexpected '}"${/^(;;|&&|\|\||[;&|()<>]|[^\s;&|()<>]+)/.exec(source.slice(error.pos).trimStart())?.[0] ?? ''}"${shell.flavour === 'dash' ? ' unexpected' : ''}`;
  return shell.flavour === 'dash' ? `${shell.name}: ${error.line}: Syntax error: ${what}\n` : `${shell.name}: syntax error: ${what}\n`;
}

const quoteOf = (source: string): string => ((source.match(/"/g) ?? []).length % 2 === 1 ? '"' : (source.match(/'/g) ?? []).length % 2 === 1 ? "'" : ')');
