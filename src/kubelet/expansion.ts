/** `$(NAME)` in command, args and env: third_party/forked/golang/expansion/expand.go. */

/** Known names are replaced, `$$(NAME)` is the text `$(NAME)`, all else stays as written. */
export function expand(text: string, lookUp: (name: string) => string | undefined): string {
  if (!text.includes('$')) return text;
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    const after = text[i + 1];
    if (c !== '$' || after === undefined) out += c;
    else if (after === '$') {
      out += '$';
      i++;
    } else if (after === '(') {
      const close = text.indexOf(')', i + 2);
      if (close < 0) {
        out += '$(';
        i++;
        continue;
      }
      const name = text.slice(i + 2, close);
      out += lookUp(name) ?? `$(${name})`;
      i = close;
    } else out += c;
  }
  return out;
}
