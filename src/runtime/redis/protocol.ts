/** The protocol of redis (RESP 2) as text. */

/** A reply: `{ok}` a status, null nothing, a number, a text, a list; `{error}` without its dash. */
export type Reply = { readonly ok: string } | { readonly error: string } | null | number | string | readonly Reply[];

/** Words of a line, as redis-cli and inline commands have them. */
export const wordsOf = (line: string): readonly string[] =>
  line
    .match(/"(?:[^"\\]|\\.)*"|'[^']*'|\S+/g)
    ?.map((word) => (/^"/.test(word) ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word.replace(/^'([\s\S]*)'$/, '$1'))) ?? [];

/** Words of the commands in what a client sent: arrays of bulk strings, or lines (inline commands). */
export function parseCommands(text: string): readonly (readonly string[])[] {
  const out: (readonly string[])[] = [];
  let at = 0;
  const line = (): string => {
    const end = text.indexOf('\n', at);
    const found = text.slice(at, end < 0 ? text.length : end).replace(/\r$/, '');
    at = end < 0 ? text.length : end + 1;
    return found;
  };
  while (at < text.length) {
    const head = line();
    const count = /^\*(\d+)$/.exec(head)?.[1];
    if (count === undefined) {
      const words = wordsOf(head);
      if (words.length > 0) out.push(words);
      continue;
    }
    const words: string[] = [];
    for (let i = 0; i < Number(count); i += 1) {
      const length = Number(line().slice(1));
      words.push(text.slice(at, at + length));
      at += length + 2;
    }
    out.push(words);
  }
  return out;
}

export const encodeCommand = (words: readonly string[]): string => `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

export function encodeReply(reply: Reply): string {
  if (reply === null) return '$-1\r\n';
  if (typeof reply === 'number') return `:${reply}\r\n`;
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`;
  if ('ok' in reply) return `+${reply.ok}\r\n`;
  if ('error' in reply) return `-${reply.error}\r\n`;
  return `*${reply.length}\r\n${reply.map(encodeReply).join('')}`;
}

export function parseReply(text: string): Reply | undefined {
  let at = 0;
  const next = (): Reply | undefined => {
    const end = text.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const [kind, rest] = [text[at], text.slice(at + 1, end)];
    at = end + 2;
    if (kind === '+') return { ok: rest };
    if (kind === '-') return { error: rest };
    if (kind === ':') return Number(rest);
    if (kind === '$') {
      if (rest === '-1') return null;
      const found = text.slice(at, at + Number(rest));
      at += Number(rest) + 2;
      return found;
    }
    const list: Reply[] = [];
    for (let i = 0; i < Number(rest); i += 1) list.push(next() ?? null);
    return list;
  };
  return next();
}
