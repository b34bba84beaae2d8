/** The functions of python that one-liners and small servers use. */
import { FOREVER } from '../../../process.js';
import { formatPrintf } from '../../printf.js';
import { formatDate } from '../date.js';
import { parseUrl, reasonOf } from '../later.js';
import { pythonError } from './exceptions.js';
import { callNative, type Entry, each, fileText, type NativeFunction, numberOf } from './functions.js';
import { LOGGING } from './logging.js';
import type { Hands } from './machine.js';
import { PYTHON_SIGNALS } from './signals.js';
import { bigText, isBig, isClass, isFloat, isList, isRecord, NotSimulated, pythonVersion, ScriptError, SMALL, type Value } from './values.js';

/** repr() of python; at the top str(). */
export function pythonText(value: Value, inside = false): string {
  if (value !== null && isRecord(value) && typeof value['object'] === 'number')
    return `<__main__ object at 0x7f3c5c1d${(value['object'] * 16).toString(16).padStart(4, '0')}>`;
  if (value !== null && isClass(value)) return `<class '__main__.${value.class}'>`;
  if (value !== null && isRecord(value) && typeof value['exception'] === 'string')
    return inside ? `${value['exception']}('${String(value['text'])}')` : String(value['text']);
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (isBig(value)) return bigText(value);
  if (isFloat(value)) return Number.isInteger(value.float) && Math.abs(value.float) < 1e16 ? value.float.toFixed(1) : String(value.float);
  if (typeof value === 'string')
    return inside ? (value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'`) : value;
  if (isList(value)) return `[${value.map((one) => pythonText(one, true)).join(', ')}]`;
  if (isRecord(value))
    return `{${Object.entries(value)
      .map(([key, one]) => `'${key}': ${pythonText(one, true)}`)
      .join(', ')}}`;
  return String(value);
}

const PYTHON_MODULES: ReadonlySet<string> = new Set(
  'time sys os datetime random socket socketserver json math signal platform string collections itertools functools re subprocess threading logging http urllib shutil pathlib uuid base64 hashlib'.split(
    ' ',
  ),
);

/** What is imported is known by its module's name, and by the short names that it is given. */
function importModule(hands: Hands, module: string, names: Readonly<Record<string, string>>): void {
  const top = module.split('.')[0] as string;
  if (!PYTHON_MODULES.has(top))
    throw new ScriptError(`Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nModuleNotFoundError: No module named '${top}'\n`);
  const old = (hands.state.vars['import '] ?? {}) as Readonly<Record<string, Value>>;
  hands.state.vars['import '] = { ...old, [top]: true, ...names };
}

/** `import a.b as c, d`: '' and these words; `from a import b as c, d`: the module and these words. */
const importModules: NativeFunction = ({ first, hands }) => {
  const [from = '', ...words] = first as readonly string[];
  const pairs = words.map((word) => word.split(' as '));
  if (from !== '') importModule(hands, from, Object.fromEntries(pairs.map(([name = '', short = name]) => [short, `${from}.${name}`])));
  else for (const [name = '', short] of pairs) importModule(hands, name, short === undefined ? {} : { [short]: name });
  return null;
};

/** What is there without an import. */
const LANGUAGE: readonly Entry[] = [
  ['import()', importModules],
  ['global ()', () => null],
  ['__name__', () => '__main__'],
  [
    'print()',
    ({ args, context, named }) => {
      const text =
        args.map((arg) => pythonText(arg)).join(named['sep'] === undefined ? ' ' : pythonText(named['sep'])) +
        (named['end'] === undefined ? '\n' : pythonText(named['end']));
      if (named['file'] === 'sys.stderr') context.err(text);
      else context.out(text);
      return null;
    },
  ],
  [
    'range()',
    ({ args, first, second }) => {
      const [from, to] = args.length > 1 ? [numberOf(first), numberOf(second)] : [0, numberOf(first)];
      const step = numberOf(args[2] ?? 1);
      const length = Math.max(0, Math.ceil((to - from) / step));
      return length > SMALL ? { bytes: 48, length, from, step } : Array.from({ length }, (_, i) => from + i * step);
    },
  ],
  [
    'list()',
    ({ first }) => {
      if (isBig(first)) return { ...first, bytes: 36 * first.length };
      return typeof first === 'string' ? [...first] : isRecord(first) ? Object.keys(first) : (first ?? []);
    },
  ],
  ...each(['bytes()', 'bytearray()'], ({ first }) => (typeof first === 'number' ? { bytes: first, length: first } : undefined)),
  [
    'len()',
    ({ first }) => {
      if (isBig(first)) return first.length;
      return typeof first === 'string' ? [...first].length : isList(first) ? first.length : Object.keys(first as object).length;
    },
  ],
  ['str()', ({ first }) => pythonText(first)],
  ['repr()', ({ first }) => pythonText(first, true)],
  ['int()', ({ first }) => Math.trunc(numberOf(first))],
  ['float()', ({ first }) => ({ float: numberOf(first) })],
  ['abs()', ({ first }) => (isFloat(first) ? { float: Math.abs(first.float) } : Math.abs(numberOf(first)))],
  ['round()', ({ first, second }) => (second === null ? Math.round(numberOf(first)) : { float: Number(numberOf(first).toFixed(numberOf(second))) })],
  ['sum()', ({ first }) => (first as readonly Value[]).reduce((sum: number, one) => sum + numberOf(one), 0)],
  ...each(['max()', 'min()'], ({ args, first, name }) => Math[name === 'max()' ? 'max' : 'min'](...(isList(first) ? first : args).map(numberOf))),
  ['format()', ({ first, second }) => pythonFormat(first, pythonText(second))],
  [
    'open()',
    ({ context, first, hands, second }) => {
      if (second !== null && !/^r/.test(pythonText(second))) {
        context.files.write(context.path(pythonText(first)), '', { append: pythonText(second).startsWith('a'), at: context.now });
        return { path: pythonText(first), mode: 'a' };
      }
      return { path: pythonText(first), text: fileText(hands, first) };
    },
  ],
  ['enumerate()', ({ first, second }) => listOf(first).map((one, i) => [i + numberOf(second ?? 0), one])],
  [
    'zip()',
    ({ first, second }) =>
      listOf(first)
        .map((one, i) => [one, listOf(second)[i] ?? null])
        .slice(0, listOf(second).length),
  ],
  [
    'sorted()',
    ({ first, named }) => {
      const sorted = [...listOf(first)].sort((a, b) =>
        typeof a === 'string' && typeof b === 'string' ? (a < b ? -1 : a > b ? 1 : 0) : numberOf(a) - numberOf(b),
      );
      return named['reverse'] === true ? sorted.reverse() : sorted;
    },
  ],
  ['reversed()', ({ first }) => [...listOf(first)].reverse()],
  ['any()', ({ first, hands }) => listOf(first).some((one) => hands.isTrue(one))],
  ['all()', ({ first, hands }) => listOf(first).every((one) => hands.isTrue(one))],
  ['type()', () => undefined],
  [
    'isinstance()',
    ({ first, hands, second }) => {
      const wanted = isRecord(second) ? String(second['class'] ?? '') : '';
      return hands.classesOf(first).includes(wanted);
    },
  ],
  ['hasattr()', ({ first, hands, second }) => hands.fieldOf(first, pythonText(second)) !== undefined],
  ['getattr()', ({ args, first, hands, second }) => hands.fieldOf(first, pythonText(second)) ?? args[2] ?? null],
];

/** What modules hold. */
const MODULES: readonly Entry[] = [
  ...each(['sys.stderr', 'sys.stdout'], ({ name }) => name),
  [
    'sys.stdout.write()',
    ({ context, first }) => {
      context.out(pythonText(first));
      return pythonText(first).length;
    },
  ],
  [
    'sys.stderr.write()',
    ({ context, first }) => {
      context.err(pythonText(first));
      return pythonText(first).length;
    },
  ],
  ...each(['sys.stdout.flush()', 'sys.stderr.flush()'], () => null),
  ['sys.version', ({ context }) => `${pythonVersion(context)} (main, Jun  4 2025, 00:00:00) [GCC 12.2.0]`],
  ['sys.argv', ({ context }) => ['-c', ...context.args.slice(2)]],
  [
    'time.sleep()',
    ({ first, hands }) => {
      hands.sleep(numberOf(first) * 1000);
      return null;
    },
  ],
  ['time.time()', ({ context }) => ({ float: context.now / 1000 })],
  ['time.strftime()', ({ context, first }) => formatDate(context.now, pythonText(first))],
  ['time.ctime()', ({ context }) => formatDate(context.now, '%a %b %e %H:%M:%S %Y')],
  ...each(['datetime.datetime.now()', 'datetime.datetime.utcnow()'], ({ context }) => formatDate(context.now, '%Y-%m-%d %H:%M:%S.%N').slice(0, 26)),
  ['datetime.date.today()', ({ context }) => formatDate(context.now, '%Y-%m-%d')],
  ...each(['sys.exit()', 'exit()', 'quit()', 'os._exit()'], ({ context, first, hands }) => {
    if (typeof first === 'string') {
      context.err(`${first}\n`);
      return hands.exit(1);
    }
    return hands.exit(numberOf(first));
  }),
  ['os.environ', ({ context }) => context.env],
  ...each(['os.environ.get()', 'os.getenv()'], ({ context, first, second }) => context.env[pythonText(first)] ?? second),
  ['os.getpid()', ({ context }) => context.pid],
  ['os.getuid()', ({ context }) => context.uid],
  ['os.getcwd()', ({ context }) => context.cwd],
  ['os.listdir()', ({ context, first }) => context.files.list(context.path(first === null ? '.' : pythonText(first)))],
  ['os.path.exists()', ({ context, first }) => context.files.stat(context.path(pythonText(first))) !== undefined],
  ...each(['socket.gethostname()', 'platform.node()'], ({ context }) => context.host.hostname),
  ['random.random()', ({ context }) => ({ float: context.host.random() })],
  ['random.randint()', ({ context, first, second }) => numberOf(first) + Math.floor(context.host.random() * (numberOf(second) - numberOf(first) + 1))],
  ['math.pi', () => ({ float: Math.PI })],
  ['math.sqrt()', ({ first }) => ({ float: Math.sqrt(numberOf(first)) })],
  ['json.dumps()', ({ first }) => JSON.stringify(first).replace(/([,:])(?=["\d[{tfn])/g, '$1 ')],
  ['json.loads()', ({ first }) => JSON.parse(pythonText(first)) as Value],
  ['os.path.join()', ({ args }) => args.map((arg) => pythonText(arg)).join('/')],
  ...each(['os.makedirs()', 'os.mkdir()'], ({ context, first }) => {
    context.files.makeDirectory(context.path(pythonText(first)));
    return null;
  }),
  ...each(['os.remove()', 'os.unlink()'], ({ context, first }) => {
    context.files.remove(context.path(pythonText(first)));
    return null;
  }),
  ...each(['time.monotonic()', 'time.perf_counter()'], ({ context }) => ({ float: context.now / 1000 })),
  [
    'socket.gethostbyname()',
    ({ context, first }) => {
      const found = context.host.network.resolve(pythonText(first));
      if ('error' in found) throw pythonError('socket.gaierror', '[Errno -2] Name or service not known');
      return found.addresses[0] ?? null;
    },
  ],
  [
    'socket.create_connection()',
    ({ context, first }) => {
      const [host = '', port = 0] = listOf(first);
      const answer = context.host.network.tcp(pythonText(host), numberOf(port));
      if ('failure' in answer) throw refused(answer.failure);
      return { peer: pythonText(host) };
    },
  ],
  ...each(['http.server.BaseHTTPRequestHandler', 'http.server.SimpleHTTPRequestHandler'], ({ name }) => ({ class: name.split('.').at(-1) as string })),
  ...each(
    ['http.server.HTTPServer()', 'http.server.ThreadingHTTPServer()', 'socketserver.TCPServer()', 'socketserver.ThreadingTCPServer()'],
    ({ context, first, name, second }) => {
      const port = numberOf(listOf(first)[1]);
      if (second === null || !isClass(second)) throw new NotSimulated(name);
      if (!context.listen(port)) throw pythonError('OSError', '[Errno 98] Address already in use');
      return { server: port, handler: second.class };
    },
  ),
  ['urllib.request.urlopen()', ({ first, hands }) => urlopen(hands, pythonText(first))],
];

/** Methods and members of values. */
const METHODS: readonly Entry[] = [
  [
    '.percent()',
    ({ args, first }) => {
      const { text, errors } = formatPrintf(
        pythonText(first).replace(/%r/g, '%s'),
        args.slice(1).map((arg) => pythonText(arg)),
        'bash',
      );
      if (errors.length > 0) throw new NotSimulated('%');
      return text;
    },
  ],
  [
    '.read()',
    ({ first, hands, second }) => {
      if (isRecord(first) && 'rfile' in first) return String(hands.state.vars['=body'] ?? '').slice(0, second === null ? undefined : numberOf(second));
      return isRecord(first) ? (first['text'] ?? '') : undefined;
    },
  ],
  [
    '.write()',
    ({ context, first, hands, second }) => {
      if (!isRecord(first)) return undefined;
      if ('wfile' in first && hands.state.response !== undefined) {
        hands.state.response.body += pythonText(second);
        return pythonText(second).length;
      }
      context.files.write(context.path(pythonText(first['path'] ?? '')), pythonText(second), {
        append: String(first['mode']).startsWith('a'),
        at: context.now,
      });
      return pythonText(second).length;
    },
  ],
  ...each(['.close()', '.flush()'], () => null),
  [
    '.format()',
    ({ args, first, named }) => {
      let at = 1;
      return pythonText(first).replace(/\{(\w*)(?::([^}]*))?\}/g, (_, key: string, format: string | undefined) => {
        const value = key === '' ? args[at++] : /^\d/.test(key) ? args[Number(key) + 1] : named[key];
        return pythonFormat(value ?? null, format ?? '');
      });
    },
  ],
  ['.upper()', ({ first }) => pythonText(first).toUpperCase()],
  ['.lower()', ({ first }) => pythonText(first).toLowerCase()],
  ['.strip()', ({ first }) => pythonText(first).trim()],
  ['.split()', ({ first, second }) => (second === null ? pythonText(first).trim().split(/\s+/) : pythonText(first).split(pythonText(second)))],
  ['.join()', ({ first, second }) => (second as readonly Value[]).map((one) => pythonText(one)).join(pythonText(first))],
  ['.replace()', ({ args, first, second }) => pythonText(first).replaceAll(pythonText(second), pythonText(args[2] ?? ''))],
  ['.startswith()', ({ first, second }) => pythonText(first).startsWith(pythonText(second))],
  ['.isoformat()', ({ first }) => pythonText(first).replace(' ', 'T')],
  ['.strftime()', ({ context, second }) => formatDate(context.now, pythonText(second))],
  ['.get()', ({ args, first, second }) => (isRecord(first) ? (first[pythonText(second)] ?? args[2] ?? null) : undefined)],
  ['.keys()', ({ first }) => Object.keys(first as object)],
  ['.items()', ({ first }) => (isRecord(first) ? Object.entries(first) : undefined)],
  ['.values()', ({ first }) => (isRecord(first) ? Object.values(first) : undefined)],
  ...each(['.encode()', '.decode()'], ({ first }) => (typeof first === 'string' ? first : undefined)),
  ['.endswith()', ({ first, second }) => pythonText(first).endsWith(pythonText(second))],
  ['.count()', ({ first, second }) => pythonText(first).split(pythonText(second)).length - 1],
  ['.find()', ({ first, second }) => pythonText(first).indexOf(pythonText(second))],
  ['.splitlines()', ({ first }) => pythonText(first).replace(/\n$/, '').split('\n')],
  [
    '.serve_forever()',
    ({ context, first, hands }) => {
      if (!isRecord(first) || typeof first['server'] !== 'number') return undefined;
      hands.state.servers = { ...hands.state.servers, [first['server']]: String(first['handler']) };
      hands.sleep(FOREVER - context.now);
      return null;
    },
  ],
  ...each(['.server_close()', '.shutdown()'], () => null),
  ...each(['.wfile', '.rfile'], ({ first, hands, name }) =>
    hands.classesOf(first).some((one) => HANDLERS.has(one)) ? { [name.slice(1)]: true, path: '' } : undefined,
  ),
  ...each(['.send_response()', '.send_error()', '.send_header()', '.end_headers()', '.log_message()', '.address_string()'], ({ args, first, hands, name }) =>
    hands.classesOf(first).some((one) => HANDLERS.has(one)) ? answerWith(name, args, hands) : undefined,
  ),
  ['.getcode()', ({ first }) => (isRecord(first) ? (first['status'] ?? null) : undefined)],
];

const FUNCTIONS: ReadonlyMap<string, NativeFunction> = new Map([...LANGUAGE, ...MODULES, ...PYTHON_SIGNALS, ...LOGGING, ...METHODS]);

export function pythonFunctions(called: string, args: readonly Value[], named: Readonly<Record<string, Value>>, hands: Hands): Value | undefined {
  // `from time import sleep` brings the bare name.
  const imported = hands.state.vars['import '];
  const [head = ''] = /^[^.(]*/.exec(called) ?? [];
  const alias = isRecord(imported ?? null) && head !== '' ? (imported as Readonly<Record<string, Value>>)[head] : undefined;
  const name = typeof alias === 'string' ? `${alias}${called.slice(head.length)}` : called;
  const module = name.includes('.') && !name.startsWith('.') ? (name.split('.')[0] as string) : undefined;
  if (module !== undefined && PYTHON_MODULES.has(module) && !isImported(hands, module)) return undefined;
  return callNative(FUNCTIONS, { name, args, named, hands });
}

/** The built-in classes that answer requests. */
const HANDLERS: ReadonlySet<string> = new Set(['BaseHTTPRequestHandler', 'SimpleHTTPRequestHandler', 'CGIHTTPRequestHandler']);

/** What a request handler says of its answer (http/server.py). */
function answerWith(name: string, [self = null, first = null, second = null]: readonly Value[], hands: Hands): Value {
  const { response } = hands.state;
  if (response === undefined) return null;
  if (name === '.address_string()') return listOf(hands.fieldOf(self, 'client_address') ?? [])[0] ?? '';
  if (name === '.send_header()') response.headers[pythonText(first)] = pythonText(second);
  if (name === '.send_response()' || name === '.send_error()') {
    response.status = numberOf(first);
    response.logs = true;
  }
  if (name === '.send_error()') {
    const text = second === null ? reasonOf(response.status) : pythonText(second);
    response.headers['Content-Type'] = 'text/html;charset=utf-8';
    response.body += `<!DOCTYPE HTML>\n<html lang="en">\n    <head>\n        <meta charset="utf-8">\n        <title>Error response</title>\n    </head>\n    <body>\n        <h1>Error response</h1>\n        <p>Error code: ${response.status}</p>\n        <p>Message: ${text}.</p>\n    </body>\n</html>\n`;
  }
  return null;
}

const listOf = (value: Value): readonly Value[] => (isList(value) ? value : typeof value === 'string' ? [...value] : isRecord(value) ? Object.keys(value) : []);

/** What a connection that fails raises. */
function refused(failure: string): ScriptError {
  if (failure === 'no-host') return pythonError('socket.gaierror', '[Errno -2] Name or service not known');
  if (failure === 'timeout') return pythonError('TimeoutError', 'timed out');
  return failure === 'no-route'
    ? pythonError('OSError', '[Errno 113] No route to host')
    : pythonError('ConnectionRefusedError', '[Errno 111] Connection refused');
}

function urlopen({ context }: Hands, text: string): Value {
  const url = parseUrl(text);
  if (url === undefined) throw pythonError('ValueError', `unknown url type: '${text}'`);
  const { scheme, host, port, path } = url;
  const answer = context.host.network.http({
    method: 'GET',
    scheme,
    host,
    port,
    path,
    headers: { 'User-Agent': `Python-urllib/${pythonVersion(context).split('.', 2).join('.')}` },
    body: '',
  });
  if ('failure' in answer) {
    const { message } = refused(answer.failure);
    throw pythonError('urllib.error.URLError', `<urlopen error ${message.trimEnd().split(': ').slice(1).join(': ')}>`);
  }
  const status = answer.status ?? 200;
  if (status >= 400) throw pythonError('urllib.error.HTTPError', `HTTP Error ${status}: ${reasonOf(status)}`);
  return { path: text, text: answer.body, status };
}

function isImported(hands: Hands, module: string): boolean {
  const imported = hands.state.vars['import '];
  return (
    imported !== undefined &&
    isRecord(imported) &&
    (imported[module] === true || Object.values(imported).some((one) => typeof one === 'string' && one.startsWith(`${module}.`)))
  );
}

/** `{:>5}`, `{:.2f}`, `{:03d}`. */
function pythonFormat(value: Value, format: string): string {
  if (format === '') return pythonText(value);
  const match = /^(?:(.)?([<>^]))?(0)?(\d+)?(,)?(?:\.(\d+))?([dfsxX%]?)$/.exec(format);
  if (match === null) throw new NotSimulated(`{:${format}}`);
  const [, fill = ' ', align, zero, width = '0', comma, digits, kind] = match;
  let text =
    kind === 'f' || digits !== undefined ? numberOf(value).toFixed(Number(digits ?? 6)) : kind === 'x' ? numberOf(value).toString(16) : pythonText(value);
  if (comma !== undefined) text = text.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  if (zero !== undefined) return text.padStart(Number(width), '0');
  const isLeft = align === undefined ? typeof value === 'string' : align === '<';
  return isLeft ? text.padEnd(Number(width), fill) : text.padStart(Number(width), fill);
}
