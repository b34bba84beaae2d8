/** Python's logging module, as far as small programs use it: levels, a format, loggers by name; all goes to standard error (Lib/logging). */
import { formatDate } from '../date.js';
import type { Hands } from './machine.js';
import { isRecord, type Value } from './values.js';

const LEVELS: Readonly<Record<string, number>> = { DEBUG: 10, INFO: 20, WARNING: 30, WARN: 30, ERROR: 40, CRITICAL: 50, FATAL: 50 };
const METHODS: Readonly<Record<string, string>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warning: 'WARNING',
  warn: 'WARNING',
  error: 'ERROR',
  exception: 'ERROR',
  critical: 'CRITICAL',
};
/** Where the configuration is kept among the variables. */
const CONFIGURED = ' logging';

interface Configured {
  readonly level: number;
  readonly format: string;
  readonly date?: string;
}

/** Answers `logging.…` and the methods of loggers; undefined: it is neither. */
export function pythonLogging(name: string, args: readonly Value[], named: Readonly<Record<string, Value>>, hands: Hands): Value | undefined {
  const { vars } = hands.state;
  const [first = null] = args;
  const bare = /^logging\.(\w+)$/.exec(name)?.[1];
  if (bare !== undefined && LEVELS[bare] !== undefined) return LEVELS[bare];
  if (name === 'logging.basicConfig()') {
    vars[CONFIGURED] ??= {
      level: levelOf(named['level'] ?? null, hands),
      format: named['format'] === undefined ? '%(levelname)s:%(name)s:%(message)s' : hands.text(named['format']),
      ...(named['datefmt'] === undefined ? {} : { date: hands.text(named['datefmt']) }),
    };
    return null;
  }
  if (name === 'logging.getLogger()') return { logger: first === null ? 'root' : hands.text(first) };
  const [, of, method = ''] = /^(logging)?\.(\w+)\(\)$/.exec(name) ?? [];
  const isLogger = isRecord(first) && typeof first['logger'] === 'string';
  if (of === undefined && !isLogger) return undefined;
  if (method === 'setLevel' && isLogger) {
    const old = configured(hands);
    vars[CONFIGURED] = { ...old, level: levelOf(args[1] ?? null, hands) };
    return null;
  }
  const level = METHODS[method];
  if (level === undefined) return undefined;
  const [message = '', ...rest] = of === undefined ? args.slice(1) : args;
  write(hands, level, isLogger && of === undefined ? String(first['logger']) : 'root', rest.length === 0 ? hands.text(message) : filled(message, rest, hands));
  return null;
}

const levelOf = (value: Value, hands: Hands): number => (typeof value === 'number' ? value : (LEVELS[hands.text(value)] ?? 30));

/** Nothing configured: warnings and worse, as they are. */
function configured({ state }: Hands): Configured {
  return (state.vars[CONFIGURED] as Configured | undefined) ?? { level: 30, format: '%(message)s' };
}

const filled = (message: Value, args: readonly Value[], hands: Hands): string => hands.text(hands.percent(hands.text(message), args));

function write(hands: Hands, level: string, logger: string, message: string): void {
  const { context } = hands;
  const { level: least, format, date } = configured(hands);
  if ((LEVELS[level] as number) < least) return;
  const at =
    date === undefined ? `${formatDate(context.now, '%Y-%m-%d %H:%M:%S')},${String(context.now % 1000).padStart(3, '0')}` : formatDate(context.now, date);
  const known: Readonly<Record<string, string>> = {
    asctime: at,
    levelname: level,
    name: logger,
    message,
    process: String(context.pid),
    threadName: 'MainThread',
  };
  const text = format.replace(/%\((\w+)\)(-?\d+)?[sd]/g, (whole, key: string, width: string | undefined) => {
    const value = known[key];
    if (value === undefined) return whole;
    const wide = Number(width ?? 0);
    return wide < 0 ? value.padEnd(-wide) : value.padStart(wide);
  });
  context.err(`${text}\n`);
}
