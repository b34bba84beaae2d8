/** Shell patterns (fnmatch): `*`, `?`, `[…]`, and bash's extended globs. Quoted characters come in escaped with a backslash. */

/** A regular expression for the pattern; `path` keeps `*` and `?` from matching a slash. */
export function patternRegExp(
  pattern: string,
  options: { readonly path?: boolean; readonly anchor?: 'both' | 'start' | 'end'; readonly shortest?: boolean } = {},
): RegExp {
  const any = options.path === true ? '[^/]' : '[\\s\\S]';
  const lazy = options.shortest === true ? '?' : '';
  const source = convert(pattern, any, lazy);
  const anchor = options.anchor ?? 'both';
  return new RegExp(`${anchor === 'end' ? '' : '^'}(?:${source})${anchor === 'start' ? '' : '$'}`, 'u');
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  cntrl: '\\x00-\\x1f\\x7f',
  print: '\\x20-\\x7e',
  graph: '\\x21-\\x7e',
  word: 'A-Za-z0-9_',
};

function convert(pattern: string, any: string, lazy: string): string {
  let out = '';
  for (let i = 0; i < pattern.length; i += 1) {
    const char = pattern[i] as string;
    if (char === '\\' && i + 1 < pattern.length) {
      const point = pattern.codePointAt(i + 1) as number;
      out += escapeRegExp(String.fromCodePoint(point));
      i += point > 0xffff ? 2 : 1;
    } else if ('?*+@!'.includes(char) && pattern[i + 1] === '(') {
      const end = closing(pattern, i + 1);
      if (end < 0) {
        out += char === '*' ? `${any}*${lazy}` : char === '?' ? any : escapeRegExp(char);
        continue;
      }
      const inner = alternatives(pattern.slice(i + 2, end))
        .map((part) => convert(part, any, ''))
        .join('|');
      out += char === '!' ? `(?!(?:${inner})$)${any}*` : `(?:${inner})${char === '@' ? '' : char}`;
      i = end;
    } else if (char === '*') {
      out += `${any}*${lazy}`;
    } else if (char === '?') {
      out += any;
    } else if (char === '[') {
      const bracket = bracketExpression(pattern, i);
      if (bracket === undefined) out += '\\[';
      else {
        out += bracket.source;
        i = bracket.end;
      }
    } else {
      const point = pattern.codePointAt(i) as number;
      out += escapeRegExp(String.fromCodePoint(point));
      if (point > 0xffff) i += 1;
    }
  }
  return out;
}

const escapeRegExp = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

function bracketExpression(pattern: string, start: number): { readonly source: string; readonly end: number } | undefined {
  let i = start + 1;
  let negated = false;
  if (pattern[i] === '!' || pattern[i] === '^') {
    negated = true;
    i += 1;
  }
  let body = '';
  let first = true;
  for (; i < pattern.length; i += 1) {
    const char = pattern[i] as string;
    if (char === ']' && !first) return { source: body === '' ? (negated ? '[\\s\\S]' : '(?!)') : `[${negated ? '^' : ''}${body}]`, end: i };
    first = false;
    if (char === '[' && pattern[i + 1] === ':') {
      const end = pattern.indexOf(':]', i + 2);
      if (end > 0) {
        body += CLASSES[pattern.slice(i + 2, end)] ?? '';
        i = end + 1;
        continue;
      }
    }
    if (char === '\\' && i + 1 < pattern.length) {
      i += 1;
      body += (pattern[i] as string).replace(/[\\\]^-]/, '\\$&');
    } else if (char === '-' && body !== '' && pattern[i + 1] !== ']') body += '-';
    else body += char.replace(/[\\\]^[-]/, '\\$&');
  }
  return undefined;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '(') depth += 1;
    else if (text[i] === ')') {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return -1;
}

function alternatives(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '(') depth += 1;
    else if (text[i] === ')') depth -= 1;
    else if (text[i] === '|' && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

/** Escapes what would be a pattern, so that it matches itself. */
export const quotePattern = (text: string): string => text.replace(/[\\*?[\]!+@()|^-]/g, '\\$&');

/** Removes the backslashes that {@link quotePattern} put in. */
export const unquotePattern = (pattern: string): string => pattern.replace(/\\([\s\S])/g, '$1');

export const hasPattern = (pattern: string): boolean => /(^|[^\\])(\\\\)*(\*|\?|\[[^\]]*\]|[?*+@!]\()/.test(pattern);
