/** The functions of node that one-liners and small servers use. */
import { callNative, type Entry, each, fileText, type NativeFunction, numberOf } from './functions.js';
import type { Hands } from './machine.js';
import { nodeSignals } from './signals.js';
import { bigText, isBig, isList, isRecord, NotSimulated, nodeVersion, repeated, ScriptError, type Value } from './values.js';

/** What string concatenation makes of it. */
export function nodeText(value: Value): string {
  if (isBig(value)) return bigText(value);
  if (isList(value)) return value.map((one) => (one === null ? '' : nodeText(one))).join(',');
  return isRecord(value) ? '[object Object]' : value === null ? 'undefined' : String(value);
}

/** util.inspect, as console.log shows what is no string. */
function inspected(value: Value, inside = false): string {
  if (typeof value === 'string') return inside ? `'${value}'` : value;
  if (isList(value)) return value.length === 0 ? '[]' : `[ ${value.map((one) => inspected(one, true)).join(', ')} ]`;
  if (isRecord(value)) {
    const entries = Object.entries(value).map(([key, one]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : `'${key}'`}: ${inspected(one, true)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return value === null ? 'undefined' : String(value);
}

/** V8's longest string. */
const LONGEST = 536_870_888;

/** Methods of the response that a request is answered with. */
function respond(name: string, args: readonly Value[], { state }: Hands): Value | undefined {
  const { response } = state;
  const [of = null, first = null, second = null] = args;
  if (response === undefined || !isRecord(of) || of['response'] !== true) return undefined;
  const put = (headers: Value): void => {
    if (isRecord(headers)) for (const [key, value] of Object.entries(headers)) response.headers[key] = nodeText(value);
  };
  switch (name) {
    case '.writeHead()':
      response.status = numberOf(first);
      put(isRecord(second) ? second : (args[3] ?? null));
      return of;
    case '.setHeader()':
      put({ [nodeText(first)]: second });
      return null;
    case '.write()':
    case '.end()':
      if (typeof of['statusCode'] === 'number') response.status = of['statusCode'];
      if (first !== null && typeof first !== 'number') response.body += nodeText(first);
      return true;
    default:
      return undefined;
  }
}

/** Without a module before it. */
const LANGUAGE: readonly Entry[] = [
  ['require()', ({ first }) => ({ module: nodeText(first).replace(/^node:/, '') })],
  ...each(['setInterval()', 'setTimeout()'], ({ first, hands, name, second }) => {
    if (typeof first !== 'number') throw new NotSimulated(name);
    hands.timer(first, numberOf(second), name === 'setInterval()');
    return 1;
  }),
  ['Date()', ({ context }) => new Date(context.now).toISOString()],
  ['String()', ({ first }) => nodeText(first)],
  ...each(['Number()', 'parseInt()'], ({ first, name }) => (name === 'Number()' ? numberOf(first) : Number.parseInt(nodeText(first), 10))),
];

/** What modules and global objects hold. */
const MODULES: readonly Entry[] = [
  ...each(['console.log()', 'console.info()'], ({ args, context }) => {
    context.out(`${args.map((arg) => inspected(arg)).join(' ')}\n`);
    return null;
  }),
  ...each(['console.error()', 'console.warn()'], ({ args, context }) => {
    context.err(`${args.map((arg) => inspected(arg)).join(' ')}\n`);
    return null;
  }),
  [
    'process.stdout.write()',
    ({ context, first }) => {
      context.out(nodeText(first));
      return true;
    },
  ],
  [
    'process.stderr.write()',
    ({ context, first }) => {
      context.err(nodeText(first));
      return true;
    },
  ],
  ['process.exit()', ({ first, hands }) => hands.exit(numberOf(first))],
  ['process.env', ({ context }) => context.env],
  ['process.pid', ({ context }) => context.pid],
  ['process.version', ({ context }) => `v${nodeVersion(context)}`],
  ['process.platform', () => 'linux'],
  ['process.argv', () => ['/usr/local/bin/node']],
  ['process.uptime()', () => 0.05],
  [
    'http.createServer()',
    ({ first, name }) => {
      if (typeof first !== 'number') throw new NotSimulated(name);
      return { server: first };
    },
  ],
  ['os.hostname()', ({ context }) => context.host.hostname],
  ['fs.readFileSync()', ({ first, hands }) => fileText(hands, first)],
  ...each(['fs.writeFileSync()', 'fs.appendFileSync()'], ({ context, first, name, second }) => {
    context.files.write(context.path(nodeText(first)), nodeText(second), { append: name.startsWith('fs.append'), at: context.now });
    return null;
  }),
  ...each(['process.on()', 'process.once()'], ({ hands, args }) => nodeSignals(hands, args)),
  ['.on()', () => null],
  [
    '.close()',
    ({ args, first, hands }) => {
      if (!isRecord(first) || !('server' in first)) return null;
      delete hands.state.servers;
      const callback = args.slice(1).find((arg) => typeof arg === 'number');
      if (typeof callback === 'number') hands.timer(callback, 0, false);
      return null;
    },
  ],
  ['Date.now()', ({ context }) => context.now],
  ['Math.PI', () => Math.PI],
  ['Math.random()', ({ context }) => context.host.random()],
  ['Math.floor()', ({ first }) => Math.floor(numberOf(first))],
  ['Math.round()', ({ first }) => Math.round(numberOf(first))],
  ['Math.sqrt()', ({ first }) => Math.sqrt(numberOf(first))],
  ...each(['Math.max()', 'Math.min()'], ({ args, name }) => Math[name === 'Math.max()' ? 'max' : 'min'](...args.map(numberOf))),
  ['JSON.stringify()', ({ args, first }) => JSON.stringify(first, undefined, numberOf(args[2]))],
  ...each(['Buffer.alloc()', 'Buffer.allocUnsafe()'], ({ first }) => ({ bytes: numberOf(first), length: numberOf(first) })),
];

/** Methods of values. */
const METHODS: readonly Entry[] = [
  [
    '.listen()',
    ({ args, context, first, hands, second }) => {
      if (!isRecord(first) || typeof first['server'] !== 'number') return undefined;
      const port = numberOf(second);
      if (!context.listen(port))
        throw new ScriptError(
          `node:events:497\n      throw er; // Unhandled 'error' event\n      ^\n\nError: listen EADDRINUSE: address already in use :::${port}\n    at Server.setupListenHandle [as _listen2] (node:net:1817:16)\n\nNode.js v${nodeVersion(context)}\n`,
        );
      hands.state.servers = { ...hands.state.servers, [port]: first['server'] };
      const callback = args.slice(2).find((arg) => typeof arg === 'number');
      if (typeof callback === 'number') hands.timer(callback, 0, false);
      return first;
    },
  ],
  ...each(['.toISOString()', '.toString()', '.toUTCString()'], ({ first }) => nodeText(first)),
  ['.toUpperCase()', ({ first }) => nodeText(first).toUpperCase()],
  ['.toLowerCase()', ({ first }) => nodeText(first).toLowerCase()],
  ['.toFixed()', ({ first, second }) => numberOf(first).toFixed(numberOf(second))],
  ['.trim()', ({ first }) => nodeText(first).trim()],
  ['.split()', ({ first, second }) => nodeText(first).split(nodeText(second))],
  ['.join()', ({ first, second }) => (first as readonly Value[]).map(nodeText).join(second === null ? ',' : nodeText(second))],
  [
    '.repeat()',
    ({ context, first, second }) => {
      if (nodeText(first).length * numberOf(second) > LONGEST)
        throw new ScriptError(`[eval]:1\n\nRangeError: Invalid string length\n    at String.repeat (<anonymous>)\n\nNode.js v${nodeVersion(context)}\n`);
      return repeated(nodeText(first), numberOf(second));
    },
  ],
];

const FUNCTIONS: ReadonlyMap<string, NativeFunction> = new Map([...LANGUAGE, ...MODULES, ...METHODS]);
const VARIABLE = 'process.env.';

export function nodeFunctions(name: string, args: readonly Value[], named: Readonly<Record<string, Value>>, hands: Hands): Value | undefined {
  const responded = name.startsWith('.') ? respond(name, args, hands) : undefined;
  if (responded !== undefined) return responded;
  if (name.startsWith(VARIABLE)) return hands.context.env[name.slice(VARIABLE.length)] ?? null;
  return callNative(FUNCTIONS, { name, args, named, hands });
}
