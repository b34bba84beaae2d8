/** Backslash escapes of echo, printf and find -printf. */
import { joinBytes, textOfByte } from '../../api/bytes.js';

/** As echo -e and printf %b know them. `\c` stops all output. */
export function unescapeEcho(text: string): { readonly text: string; readonly stopped: boolean } {
  let out = '';
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] !== '\\' || i + 1 >= text.length) {
      out += text[i];
      continue;
    }
    i += 1;
    const simple: Readonly<Record<string, string>> = { a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' };
    const char = text[i] as string;
    if (char === 'c') return { text: joinBytes(out), stopped: true };
    if (Object.hasOwn(simple, char)) out += simple[char];
    else if (char === '0') {
      const octal = /^[0-7]{0,3}/.exec(text.slice(i + 1))?.[0] ?? '';
      out += textOfByte(Number.parseInt(octal === '' ? '0' : octal, 8) & 255);
      i += octal.length;
    } else if (char === 'x' && /^[0-9a-fA-F]/.test(text.slice(i + 1))) {
      const hex = /^[0-9a-fA-F]{1,2}/.exec(text.slice(i + 1))?.[0] as string;
      out += textOfByte(Number.parseInt(hex, 16));
      i += hex.length;
    } else out += `\\${char}`;
  }
  return { text: joinBytes(out), stopped: false };
}
