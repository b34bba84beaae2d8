/** The functions of python, perl and node that one-liners use, by their dotted names. */
import { piDigits } from '../../../log-template.js';
import { FOREVER } from '../../../process.js';
import { errorText } from '../../kernel.js';
import { formatPrintf } from '../../printf.js';
import { formatDate } from '../date.js';
import { parseUrl, reasonOf } from '../later.js';
import { pythonError } from './exceptions.js';
import { pythonLogging } from './logging.js';
import type { Hands } from './machine.js';
import { nodeSignals, pythonSignals } from './signals.js';
import {
  bigText,
  isBig,
  isClass,
  isFloat,
  isList,
  isRecord,
  NotSimulated,
  nodeVersion,
  pythonVersion,
  repeated,
  ScriptError,
  SMALL,
  type Value,
} from './values.js';

const numberOf = (value: Value | undefined): number => (value === undefined || value === null ? 0 : isFloat(value) ? value.float : Number(value));

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

export function perlText(value: Value): string {
  if (isBig(value)) return bigText(value);
  if (value === null) return '';
  if (isList(value)) return value.map(perlText).join('');
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(15)));
  return isFloat(value) ? String(value.float) : String(value);
}

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

const PYTHON_MODULES: ReadonlySet<string> = new Set(
  'time sys os datetime random socket socketserver json math signal platform string collections itertools functools re subprocess threading logging http urllib shutil pathlib uuid base64 hashlib'.split(
    ' ',
  ),
);

function fileText(hands: Hands, name: Value | undefined): string {
  const path = hands.text(name ?? '');
  try {
    return hands.context.files.read(hands.context.path(path));
  } catch (error) {
    const why = errorText(error);
    throw new ScriptError(
      hands.language === 'python'
        ? `Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n${why === 'No such file or directory' ? 'FileNotFoundError: [Errno 2]' : 'PermissionError: [Errno 13]'} ${why}: '${path}'\n`
        : `node:fs:441\n    return binding.readFileUtf8(path, stringToFlags(options.flag));\n                   ^\n\nError: ${why === 'No such file or directory' ? 'ENOENT: no such file or directory' : 'EACCES: permission denied'}, open '${path}'\n`,
    );
  }
}

export function pythonFunctions(called: string, args: readonly Value[], named: Readonly<Record<string, Value>>, hands: Hands): Value | undefined {
  const { context } = hands;
  const [first = null, second = null] = args;
  // `from time import sleep` brings the bare name.
  const imported = hands.state.vars['import '];
  const [head = ''] = /^[^.(]*/.exec(called) ?? [];
  const alias = isRecord(imported ?? null) && head !== '' ? (imported as Readonly<Record<string, Value>>)[head] : undefined;
  const name = typeof alias === 'string' ? `${alias}${called.slice(head.length)}` : called;
  const module = name.includes('.') && !name.startsWith('.') ? (name.split('.')[0] as string) : undefined;
  if (module !== undefined && PYTHON_MODULES.has(module) && !isImported(hands, module)) return undefined;
  for (const told of [pythonSignals(name, args, hands), pythonLogging(name, args, named, hands)]) if (told !== undefined) return told;
  switch (name) {
    case 'import()': {
      const [of, ...names] = first as readonly string[];
      const modules = of === '' ? names : [of as string];
      for (const whole of modules) {
        const [one = '', short] = whole.split(' as ');
        const top = one.split('.')[0] as string;
        if (!PYTHON_MODULES.has(top))
          throw new ScriptError(`Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nModuleNotFoundError: No module named '${top}'\n`);
        const old = (hands.state.vars['import '] ?? {}) as Readonly<Record<string, Value>>;
        hands.state.vars['import '] = {
          ...old,
          [top]: true,
          ...(of === ''
            ? short === undefined
              ? {}
              : { [short]: one }
            : Object.fromEntries(names.map((each) => each.split(' as ')).map(([each = '', other]) => [other ?? each, `${of}.${each}`]))),
        };
      }
      return null;
    }
    case 'global ()':
      return null;
    case '__name__':
      return '__main__';
    case 'print()': {
      const text =
        args.map((arg) => pythonText(arg)).join(named['sep'] === undefined ? ' ' : pythonText(named['sep'])) +
        (named['end'] === undefined ? '\n' : pythonText(named['end']));
      if (named['file'] === 'sys.stderr') context.err(text);
      else context.out(text);
      return null;
    }
    case 'sys.stderr':
    case 'sys.stdout':
      return name;
    case 'sys.stdout.write()':
      context.out(pythonText(first));
      return pythonText(first).length;
    case 'sys.stderr.write()':
      context.err(pythonText(first));
      return pythonText(first).length;
    case 'sys.stdout.flush()':
    case 'sys.stderr.flush()':
      return null;
    case 'sys.version':
      return `${pythonVersion(context)} (main, Jun  4 2025, 00:00:00) [GCC 12.2.0]`;
    case 'sys.argv':
      return ['-c', ...context.args.slice(2)];
    case 'time.sleep()':
      hands.sleep(numberOf(first) * 1000);
      return null;
    case 'time.time()':
      return { float: context.now / 1000 };
    case 'time.strftime()':
      return formatDate(context.now, pythonText(first));
    case 'time.ctime()':
      return formatDate(context.now, '%a %b %e %H:%M:%S %Y');
    case 'datetime.datetime.now()':
    case 'datetime.datetime.utcnow()':
      return formatDate(context.now, '%Y-%m-%d %H:%M:%S.%N').slice(0, 26);
    case 'datetime.date.today()':
      return formatDate(context.now, '%Y-%m-%d');
    case 'sys.exit()':
    case 'exit()':
    case 'quit()':
    case 'os._exit()':
      if (typeof first === 'string') {
        context.err(`${first}\n`);
        return hands.exit(1);
      }
      return hands.exit(numberOf(first));
    case 'os.environ':
      return context.env;
    case 'os.environ.get()':
    case 'os.getenv()':
      return context.env[pythonText(first)] ?? second;
    case 'os.getpid()':
      return context.pid;
    case 'os.getuid()':
      return context.uid;
    case 'os.getcwd()':
      return context.cwd;
    case 'os.listdir()':
      return context.files.list(context.path(first === null ? '.' : pythonText(first)));
    case 'os.path.exists()':
      return context.files.stat(context.path(pythonText(first))) !== undefined;
    case 'socket.gethostname()':
    case 'platform.node()':
      return context.host.hostname;
    case 'random.random()':
      return { float: context.host.random() };
    case 'random.randint()':
      return numberOf(first) + Math.floor(context.host.random() * (numberOf(second) - numberOf(first) + 1));
    case 'math.pi':
      return { float: Math.PI };
    case 'math.sqrt()':
      return { float: Math.sqrt(numberOf(first)) };
    case 'json.dumps()':
      return JSON.stringify(first).replace(/([,:])(?=["\d[{tfn])/g, '$1 ');
    case 'range()': {
      const [from, to] = args.length > 1 ? [numberOf(first), numberOf(second)] : [0, numberOf(first)];
      const step = numberOf(args[2] ?? 1);
      const length = Math.max(0, Math.ceil((to - from) / step));
      return length > SMALL ? { bytes: 48, length, from, step } : Array.from({ length }, (_, i) => from + i * step);
    }
    case 'list()':
      if (isBig(first)) return { ...first, bytes: 36 * first.length };
      return typeof first === 'string' ? [...first] : isRecord(first) ? Object.keys(first) : (first ?? []);
    case 'bytes()':
    case 'bytearray()':
      return typeof first === 'number' ? { bytes: first, length: first } : undefined;
    case 'len()':
      if (isBig(first)) return first.length;
      return typeof first === 'string' ? [...first].length : isList(first) ? first.length : Object.keys(first as object).length;
    case 'str()':
      return pythonText(first);
    case 'repr()':
      return pythonText(first, true);
    case 'int()':
      return Math.trunc(numberOf(first));
    case 'float()':
      return { float: numberOf(first) };
    case 'abs()':
      return isFloat(first) ? { float: Math.abs(first.float) } : Math.abs(numberOf(first));
    case 'round()':
      return second === null ? Math.round(numberOf(first)) : { float: Number(numberOf(first).toFixed(numberOf(second))) };
    case 'sum()':
      return (first as readonly Value[]).reduce((sum: number, one) => sum + numberOf(one), 0);
    case 'max()':
    case 'min()':
      return Math[name === 'max()' ? 'max' : 'min'](...(isList(first) ? first : args).map(numberOf));
    case 'format()':
      return pythonFormat(first, pythonText(second));
    case '.percent()': {
      const { text, errors } = formatPrintf(
        pythonText(first).replace(/%r/g, '%s'),
        args.slice(1).map((arg) => pythonText(arg)),
        'bash',
      );
      if (errors.length > 0) throw new NotSimulated('%');
      return text;
    }
    case 'open()':
      if (second !== null && !/^r/.test(pythonText(second))) {
        context.files.write(context.path(pythonText(first)), '', { append: pythonText(second).startsWith('a'), at: context.now });
        return { path: pythonText(first), mode: 'a' };
      }
      return { path: pythonText(first), text: fileText(hands, first) };
    case '.read()':
      if (isRecord(first) && 'rfile' in first) return String(hands.state.vars['=body'] ?? '').slice(0, second === null ? undefined : numberOf(second));
      return isRecord(first) ? (first['text'] ?? '') : undefined;
    case '.write()':
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
    case '.close()':
    case '.flush()':
      return null;
    case '.format()': {
      let at = 1;
      return pythonText(first).replace(/\{(\w*)(?::([^}]*))?\}/g, (_, key: string, format: string | undefined) => {
        const value = key === '' ? args[at++] : /^\d/.test(key) ? args[Number(key) + 1] : named[key];
        return pythonFormat(value ?? null, format ?? '');
      });
    }
    case '.upper()':
      return pythonText(first).toUpperCase();
    case '.lower()':
      return pythonText(first).toLowerCase();
    case '.strip()':
      return pythonText(first).trim();
    case '.split()':
      return second === null ? pythonText(first).trim().split(/\s+/) : pythonText(first).split(pythonText(second));
    case '.join()':
      return (second as readonly Value[]).map((one) => pythonText(one)).join(pythonText(first));
    case '.replace()':
      return pythonText(first).replaceAll(pythonText(second), pythonText(args[2] ?? ''));
    case '.startswith()':
      return pythonText(first).startsWith(pythonText(second));
    case '.isoformat()':
      return pythonText(first).replace(' ', 'T');
    case '.strftime()':
      return formatDate(context.now, pythonText(second));
    case '.get()':
      return isRecord(first) ? (first[pythonText(second)] ?? args[2] ?? null) : undefined;
    case '.keys()':
      return Object.keys(first as object);
    case '.items()':
      return isRecord(first) ? Object.entries(first) : undefined;
    case '.values()':
      return isRecord(first) ? Object.values(first) : undefined;
    case 'enumerate()':
      return listOf(first).map((one, i) => [i + numberOf(second ?? 0), one]);
    case 'zip()':
      return listOf(first)
        .map((one, i) => [one, listOf(second)[i] ?? null])
        .slice(0, listOf(second).length);
    case 'sorted()': {
      const sorted = [...listOf(first)].sort((a, b) =>
        typeof a === 'string' && typeof b === 'string' ? (a < b ? -1 : a > b ? 1 : 0) : numberOf(a) - numberOf(b),
      );
      return named['reverse'] === true ? sorted.reverse() : sorted;
    }
    case 'reversed()':
      return [...listOf(first)].reverse();
    case 'any()':
      return listOf(first).some((one) => hands.isTrue(one));
    case 'all()':
      return listOf(first).every((one) => hands.isTrue(one));
    case 'type()':
      return undefined;
    case '.encode()':
    case '.decode()':
      return typeof first === 'string' ? first : undefined;
    case '.endswith()':
      return pythonText(first).endsWith(pythonText(second));
    case '.count()':
      return pythonText(first).split(pythonText(second)).length - 1;
    case '.find()':
      return pythonText(first).indexOf(pythonText(second));
    case '.splitlines()':
      return pythonText(first).replace(/\n$/, '').split('\n');
    case 'json.loads()':
      return JSON.parse(pythonText(first)) as Value;
    case 'os.path.join()':
      return args.map((arg) => pythonText(arg)).join('/');
    case 'os.makedirs()':
    case 'os.mkdir()':
      context.files.makeDirectory(context.path(pythonText(first)));
      return null;
    case 'os.remove()':
    case 'os.unlink()':
      context.files.remove(context.path(pythonText(first)));
      return null;
    case 'time.monotonic()':
    case 'time.perf_counter()':
      return { float: context.now / 1000 };
    case 'socket.gethostbyname()': {
      const found = context.host.network.resolve(pythonText(first));
      if ('error' in found) throw pythonError('socket.gaierror', '[Errno -2] Name or service not known');
      return found.addresses[0] ?? null;
    }
    case 'socket.create_connection()': {
      const [host = '', port = 0] = listOf(first);
      const answer = context.host.network.tcp(pythonText(host), numberOf(port));
      if ('failure' in answer) throw refused(answer.failure);
      return { peer: pythonText(host) };
    }
    case 'http.server.BaseHTTPRequestHandler':
    case 'http.server.SimpleHTTPRequestHandler':
      return { class: name.split('.').at(-1) as string };
    case 'http.server.HTTPServer()':
    case 'http.server.ThreadingHTTPServer()':
    case 'socketserver.TCPServer()':
    case 'socketserver.ThreadingTCPServer()': {
      const port = numberOf(listOf(first)[1]);
      if (second === null || !isClass(second)) throw new NotSimulated(name);
      if (!context.listen(port)) throw pythonError('OSError', '[Errno 98] Address already in use');
      return { server: port, handler: second.class };
    }
    case '.serve_forever()':
      if (!isRecord(first) || typeof first['server'] !== 'number') return undefined;
      hands.state.servers = { ...hands.state.servers, [first['server']]: String(first['handler']) };
      hands.sleep(FOREVER - context.now);
      return null;
    case '.server_close()':
    case '.shutdown()':
      return null;
    case 'isinstance()': {
      const wanted = isRecord(second) ? String(second['class'] ?? '') : '';
      return hands.classesOf(first).includes(wanted);
    }
    case 'hasattr()':
      return hands.fieldOf(first, pythonText(second)) !== undefined;
    case 'getattr()':
      return hands.fieldOf(first, pythonText(second)) ?? args[2] ?? null;
    case '.wfile':
    case '.rfile':
      return hands.classesOf(first).some((one) => HANDLERS.has(one)) ? { [name.slice(1)]: true, path: '' } : undefined;
    case '.send_response()':
    case '.send_error()':
    case '.send_header()':
    case '.end_headers()':
    case '.log_message()':
    case '.address_string()':
      return hands.classesOf(first).some((one) => HANDLERS.has(one)) ? answerWith(name, args, hands) : undefined;
    case 'urllib.request.urlopen()':
      return urlopen(hands, pythonText(first));
    case '.getcode()':
      return isRecord(first) ? (first['status'] ?? null) : undefined;
    default:
      return undefined;
  }
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

export function perlFunctions(name: string, args: readonly Value[], _named: Readonly<Record<string, Value>>, hands: Hands): Value | undefined {
  const { context, state } = hands;
  const given = args.length === 0 ? [state.vars['$_'] ?? ''] : args;
  const [first = ''] = given;
  const end = state.vars['$\\'] === undefined ? '' : perlText(state.vars['$\\']);
  const to = (words: readonly Value[], text: (words: readonly Value[]) => string): number => {
    if (words[0] === 'STDERR') context.err(text(words.slice(1)));
    else context.out(text(words[0] === 'STDOUT' ? words.slice(1) : words));
    return 1;
  };
  switch (name.replace(/\(\)$/, '')) {
    case 'print':
      return to(given, (words) => words.map(perlText).join(state.vars['$,'] === undefined ? '' : perlText(state.vars['$,'])) + end);
    case 'say':
      return to(given, (words) => `${words.map(perlText).join('')}\n`);
    case 'printf':
      return to(given, (words) => formatPrintf(perlText(words[0] ?? '').replace(/\\/g, '\\\\'), words.slice(1).map(perlText), 'bash').text);
    case 'sprintf':
      return formatPrintf(perlText(first).replace(/\\/g, '\\\\'), args.slice(1).map(perlText), 'bash').text;
    case 'sleep':
      hands.sleep(args.length === 0 ? 8.64e15 : Math.floor(numberOf(first)) * 1000);
      return Math.floor(numberOf(first));
    case 'select':
      if (args.length === 4) hands.sleep(numberOf(args[3]) * 1000);
      return 0;
    case 'exit':
      return hands.exit(args.length === 0 ? 0 : numberOf(first));
    case 'die':
      throw new ScriptError(perlText(first).endsWith('\n') ? perlText(first) : `${perlText(first) || 'Died'} at -e line 1.\n`, 255);
    case 'warn':
      context.err(perlText(first).endsWith('\n') ? perlText(first) : `${perlText(first)} at -e line 1.\n`);
      return 1;
    case 'time':
      return Math.floor(context.now / 1000);
    case 'localtime':
    case 'gmtime':
      return formatDate(context.now, '%a %b %e %H:%M:%S %Y');
    case 'hostname':
      return context.host.hostname;
    case 'bpi':
      if (!context.args.some((arg) => /^-M?big(num|float|int)=.*bpi/.test(arg) || /^-Mbig/.test(arg))) return undefined;
      return piDigits(Math.min(5000, Math.max(1, numberOf(first))));
    case 'join':
      return args.slice(1).map(perlText).join(perlText(first));
    case 'uc':
      return perlText(first).toUpperCase();
    case 'lc':
      return perlText(first).toLowerCase();
    case 'ucfirst':
      return perlText(first).slice(0, 1).toUpperCase() + perlText(first).slice(1);
    case 'length':
      return perlText(first).length;
    case 'int':
      return Math.trunc(numberOf(first));
    case 'sqrt':
      return Math.sqrt(numberOf(first));
    case 'abs':
      return Math.abs(numberOf(first));
    case 'rand':
      return context.host.random() * (args.length === 0 ? 1 : numberOf(first));
    case 'reverse':
      return [...perlText(first)].reverse().join('');
    case 'defined':
      return first === null ? '' : 1;
    case 'chomp':
      state.vars['$_'] = perlText(state.vars['$_'] ?? '').replace(/\n$/, '');
      return 1;
    case '%ENV':
      return context.env;
    case '$$':
      return context.pid;
    case '$0':
      return '-e';
    case '@ARGV':
      return [];
    case '$|':
      return 0;
    default:
      return undefined;
  }
}

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

export function nodeFunctions(name: string, args: readonly Value[], _named: Readonly<Record<string, Value>>, hands: Hands): Value | undefined {
  const { context } = hands;
  const [first = null, second = null] = args;
  const responded = name.startsWith('.') ? respond(name, args, hands) : undefined;
  if (responded !== undefined) return responded;
  const path = (text: string): Value | undefined => {
    if (text.startsWith('process.env.')) return context.env[text.slice(12)] ?? null;
    return undefined;
  };
  switch (name) {
    case 'console.log()':
    case 'console.info()':
      context.out(`${args.map((arg) => inspected(arg)).join(' ')}\n`);
      return null;
    case 'console.error()':
    case 'console.warn()':
      context.err(`${args.map((arg) => inspected(arg)).join(' ')}\n`);
      return null;
    case 'process.stdout.write()':
      context.out(nodeText(first));
      return true;
    case 'process.stderr.write()':
      context.err(nodeText(first));
      return true;
    case 'process.exit()':
      return hands.exit(numberOf(first));
    case 'process.env':
      return context.env;
    case 'process.pid':
      return context.pid;
    case 'process.version':
      return `v${nodeVersion(context)}`;
    case 'process.platform':
      return 'linux';
    case 'process.argv':
      return ['/usr/local/bin/node'];
    case 'process.uptime()':
      return 0.05;
    case 'require()':
      return { module: nodeText(first).replace(/^node:/, '') };
    case 'http.createServer()':
      if (typeof first !== 'number') throw new NotSimulated(name);
      return { server: first };
    case '.listen()': {
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
    }
    case 'os.hostname()':
      return context.host.hostname;
    case 'fs.readFileSync()':
      return fileText(hands, first);
    case 'fs.writeFileSync()':
    case 'fs.appendFileSync()':
      context.files.write(context.path(nodeText(first)), nodeText(second), { append: name.startsWith('fs.append'), at: context.now });
      return null;
    case 'setInterval()':
    case 'setTimeout()':
      if (typeof first !== 'number') throw new NotSimulated(name);
      hands.timer(first, numberOf(second), name === 'setInterval()');
      return 1;
    case 'process.on()':
    case 'process.once()':
      nodeSignals(hands, args);
      return null;
    case '.on()':
      return null;
    case '.close()': {
      const callback = isRecord(first) && 'server' in first ? args.slice(1).find((arg) => typeof arg === 'number') : undefined;
      delete hands.state.servers;
      if (typeof callback === 'number') hands.timer(callback, 0, false);
      return null;
    }
    case 'Date.now()':
      return context.now;
    case 'Date()':
      return new Date(context.now).toISOString();
    case 'Math.PI':
      return Math.PI;
    case 'Math.random()':
      return context.host.random();
    case 'Math.floor()':
      return Math.floor(numberOf(first));
    case 'Math.round()':
      return Math.round(numberOf(first));
    case 'Math.sqrt()':
      return Math.sqrt(numberOf(first));
    case 'Math.max()':
    case 'Math.min()':
      return Math[name === 'Math.max()' ? 'max' : 'min'](...args.map(numberOf));
    case 'JSON.stringify()':
      return JSON.stringify(first, undefined, numberOf(args[2]));
    case 'String()':
      return nodeText(first);
    case 'Number()':
    case 'parseInt()':
      return name === 'Number()' ? numberOf(first) : Number.parseInt(nodeText(first), 10);
    case '.toISOString()':
    case '.toString()':
    case '.toUTCString()':
      return nodeText(first);
    case '.toUpperCase()':
      return nodeText(first).toUpperCase();
    case '.toLowerCase()':
      return nodeText(first).toLowerCase();
    case '.toFixed()':
      return numberOf(first).toFixed(numberOf(second));
    case '.trim()':
      return nodeText(first).trim();
    case '.split()':
      return nodeText(first).split(nodeText(second));
    case '.join()':
      return (first as readonly Value[]).map(nodeText).join(second === null ? ',' : nodeText(second));
    case '.repeat()':
      if (nodeText(first).length * numberOf(second) > LONGEST)
        throw new ScriptError(`[eval]:1\n\nRangeError: Invalid string length\n    at String.repeat (<anonymous>)\n\nNode.js v${nodeVersion(context)}\n`);
      return repeated(nodeText(first), numberOf(second));
    case 'Buffer.alloc()':
    case 'Buffer.allocUnsafe()':
      return { bytes: numberOf(first), length: numberOf(first) };
    default:
      return path(name);
  }
}
