/** redis-cli(1): one command, commands from standard input, or a prompt on a terminal. */
import { encodeCommand, parseReply, type Reply, wordsOf } from '../../redis/protocol.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { later, type Outcome } from './later.js';

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly password: string | undefined;
  readonly isQuiet: boolean;
  readonly raw: boolean;
  readonly fails: boolean;
  readonly times: number;
  readonly words: readonly string[];
  readonly version: boolean;
}

function settingsOf({ args, env, tty }: ProgramContext): Settings {
  const values = new Map<string, string>();
  const words: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    if (words.length === 0 && /^(-[hpansurid]|--user|--pass)$/.test(arg)) values.set(arg, args[++i] ?? '');
    else if (words.length === 0 && arg.startsWith('-') && arg.length > 1) values.set(arg, '');
    else words.push(arg);
  }
  const url = /^redis:\/\/(?:[^@]*?:([^@]*)@)?([^:/]+)?(?::(\d+))?/.exec(values.get('-u') ?? '');
  return {
    host: url?.[2] ?? values.get('-h') ?? '127.0.0.1',
    port: Number(url?.[3] ?? values.get('-p') ?? 6379),
    password: url?.[1] ?? values.get('-a') ?? values.get('--pass') ?? env['REDISCLI_AUTH'],
    isQuiet: values.has('--no-auth-warning') || !(values.has('-a') || values.has('--pass') || url?.[1] !== undefined),
    raw: values.has('--raw') || (!tty && !values.has('--no-raw')),
    fails: values.has('-e'),
    times: Number(values.get('-r') ?? 1),
    words: values.has('--scan') ? ['keys', '*'] : words,
    version: values.has('-v') || values.has('--version'),
  };
}

const WHY = { refused: 'Connection refused', timeout: 'Connection timed out', 'no-route': 'No route to host', 'no-host': 'Name or service not known' };

/** Asks one command of the server: what it says, and in how long. */
function ask(
  context: ProgramContext,
  settings: Settings,
  words: readonly string[],
): { readonly reply: Reply; readonly takes: number } | { readonly failure: string; readonly takes: number } {
  const { host, port, password } = settings;
  const login = password === undefined ? '' : encodeCommand(['AUTH', password]);
  const answer = context.host.network.tcp(host, port, login + encodeCommand(words));
  if ('failure' in answer) return { failure: `Could not connect to Redis at ${host}:${port}: ${WHY[answer.failure]}\n`, takes: answer.takes };
  let text = answer.body;
  let note: Reply | undefined;
  if (login !== '') {
    const end = text.indexOf('\r\n') + 2;
    note = parseReply(text.slice(0, end));
    text = text.slice(end);
  }
  // A server nobody simulates is there, and says no more than that.
  const said = parseReply(text);
  const reply: Reply = said === undefined ? { ok: words[0]?.toLowerCase() === 'ping' ? 'PONG' : 'OK' } : said;
  if (typeof note === 'object' && note !== null && 'error' in note) context.err(`AUTH failed: ${note.error}\n`);
  return { reply, takes: answer.takes };
}

const isError = (reply: Reply): reply is { readonly error: string } => typeof reply === 'object' && reply !== null && 'error' in reply;

function rawText(reply: Reply): string {
  if (reply === null) return '';
  if (typeof reply === 'string' || typeof reply === 'number') return String(reply);
  if ('ok' in reply) return reply.ok;
  if ('error' in reply) return `${reply.error}\n`;
  return reply.map(rawText).join('\n');
}

function prettyText(reply: Reply, indent = ''): string {
  if (reply === null) return '(nil)\n';
  if (typeof reply === 'number') return `(integer) ${reply}\n`;
  if (typeof reply === 'string') return `${JSON.stringify(reply)}\n`;
  if ('ok' in reply) return `${reply.ok}\n`;
  if ('error' in reply) return `(error) ${reply.error}\n`;
  if (reply.length === 0) return '(empty array)\n';
  const width = String(reply.length).length;
  return reply.map((one, i) => `${i === 0 ? '' : indent}${String(i + 1).padStart(width)}) ${prettyText(one, `${indent}${' '.repeat(width + 2)}`)}`).join('');
}

/** These are texts for people, on a terminal too. */
const PLAIN: ReadonlySet<string> = new Set(['info', 'client', 'lolwut']);
const shown = (reply: Reply, { raw }: Settings, words: readonly string[]): string =>
  raw || (typeof reply === 'string' && PLAIN.has((words[0] ?? '').toLowerCase())) ? `${rawText(reply)}\n` : prettyText(reply);

/** Commands line by line, with a prompt on a terminal. */
function converse(context: ProgramContext, settings: Settings): number | Wait {
  const state = (context.state ?? { pending: '', prompted: false, place: '' }) as { pending: string; prompted: boolean; place: string };
  context.state = state;
  for (;;) {
    if (context.tty && !state.prompted) {
      state.prompted = true;
      context.out(`${settings.host}:${settings.port}${state.place}> `);
    }
    const end = state.pending.indexOf('\n');
    if (end < 0) {
      const text = context.read();
      if (text === '') return { wait: 'stdin' };
      if (text === undefined && state.pending === '') {
        if (context.tty) context.out('\n');
        return 0;
      }
      state.pending += text ?? '\n';
      continue;
    }
    const words = wordsOf(state.pending.slice(0, end));
    state.pending = state.pending.slice(end + 1);
    state.prompted = false;
    const [command = ''] = words;
    if (command === '') continue;
    if (/^(exit|quit)$/i.test(command)) return 0;
    if (/^clear$/i.test(command)) continue;
    const answer = ask(context, settings, words);
    if ('failure' in answer) context.err(answer.failure);
    else {
      if (command.toLowerCase() === 'select' && !isError(answer.reply)) state.place = words[1] === '0' ? '' : `[${words[1]}]`;
      context.out(shown(answer.reply, settings, words));
    }
  }
}

export const redisCli: Program = {
  name: 'redis-cli',
  run(context) {
    const settings = settingsOf(context);
    const { words, isQuiet, fails, times } = settings;
    if (settings.version) {
      context.out(`redis-cli ${context.host.version ?? '7.4.4'}\n`);
      return 0;
    }
    if (!isQuiet && context.state === undefined)
      context.err("Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n");
    if (words.length === 0) return converse(context, settings);
    return later(context, (): Outcome => {
      let out = '';
      let takes = 0;
      let code = 0;
      for (let i = 0; i < times; i += 1) {
        const answer = ask(context, settings, words);
        takes += answer.takes;
        if ('failure' in answer) return { code: 1, out, err: answer.failure, takes };
        out += shown(answer.reply, settings, words);
        if (fails && isError(answer.reply)) code = 1;
      }
      return { code, out, takes };
    });
  },
};
