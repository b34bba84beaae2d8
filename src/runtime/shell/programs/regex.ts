/** POSIX basic and extended regular expressions as JavaScript's. */

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
  print: '\\x20-\\x7e',
  cntrl: '\\x00-\\x1f',
};

/** Throws SyntaxError for what neither grep nor JavaScript understands. */
export function posixRegExp(source: string, options: { readonly extended: boolean; readonly ignoreCase?: boolean; readonly flags?: string }): RegExp {
  let out = '';
  for (let i = 0; i < source.length; i += 1) {
    const char = source[i] as string;
    if (char === '\\') {
      i += 1;
      const next = source[i] ?? '\\';
      if (!options.extended && '(){}|+?'.includes(next)) out += next;
      else if (next === '<' || next === '>') out += '\\b';
      else if (/[1-9wWsSbB]/.test(next)) out += `\\${next}`;
      else if (/[nt]/.test(next)) out += `\\${next}`;
      else out += next.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    } else if (char === '[') {
      let end = i + 1;
      if (source[end] === '^') end += 1;
      if (source[end] === ']') end += 1;
      while (end < source.length && source[end] !== ']') {
        if (source[end] === '[' && /[:.=]/.test(source[end + 1] ?? '')) end = source.indexOf(`${source[end + 1]}]`, end + 2) + 1;
        end += 1;
      }
      if (end >= source.length) throw new SyntaxError('Unmatched [, [^, [:, [., or [=');
      const body = source.slice(i + 1, end);
      const negated = body.startsWith('^');
      const inner = (negated ? body.slice(1) : body)
        .replace(/^\]/, '\\]')
        .replace(/\\(?!\])/g, '\\\\')
        .replace(/\[:(\w+):\]/g, (_, name: string) => CLASSES[name] ?? '')
        .replace(/(?<!\\)\[/g, '\\[');
      out += `[${negated ? '^' : ''}${inner}]`;
      i = end;
    } else if (!options.extended && '(){}|+?'.includes(char)) out += `\\${char}`;
    else if (char === '*' && (out === '' || out.endsWith('(') || out.endsWith('|') || out === '^')) out += '\\*';
    else if (!options.extended && char === '^' && out !== '' && !out.endsWith('(') && !out.endsWith('|')) out += '\\^';
    else if (!options.extended && char === '$' && i + 1 < source.length && source[i + 1] !== '\\') out += '\\$';
    else if (options.extended && char === '{' && !/^\{\d*,?\d*\}/.test(source.slice(i))) out += '\\{';
    else out += char;
  }
  return new RegExp(out, `${options.ignoreCase === true ? 'i' : ''}${options.flags ?? ''}`);
}
