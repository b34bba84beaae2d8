/** Python's logging module, as far as small programs use it: levels, a format, loggers by name; all goes to standard error (Lib/logging). */
import { formatDate } from '../date.js';
import type { Entry } from './functions.js';
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

/** `logging.info()` and its like, and the methods of loggers. */
export const LOGGING: readonly Entry[] = [
  ...Object.entries(LEVELS).map(([name, level]): Entry => [`logging.${name}`, () => level]),
  [
    'logging.basicConfig()',
    ({ named, hands }) => {
      hands.state.vars[CONFIGURED] ??= {
        level: levelOf(named['level'] ?? null, hands),
        format: named['format'] === undefined ? '%(levelname)s:%(name)s:%(message)s' : hands.text(named['format']),
        ...(named['datefmt'] === undefined ? {} : { date: hands.text(named['datefmt']) }),
      };
      return null;
    },
  ],
  ['logging.getLogger()', ({ first, hands }) => ({ logger: first === null ? 'root' : hands.text(first) })],
  [
    '.setLevel()',
    ({ first, second, hands }) => {
      if (loggerIn(first) === undefined) return undefined;
      const { level: _, ...others } = configured(hands);
      hands.state.vars[CONFIGURED] = { ...others, level: levelOf(second, hands) };
      return null;
    },
  ],
  ...Object.entries(METHODS).flatMap(([method, level]): Entry[] => [
    [`logging.${method}()`, ({ args, hands }) => write(hands, level, 'root', args)],
    [
      `.${method}()`,
      ({ args: [logger = null, ...args], hands }) => {
        const name = loggerIn(logger);
        return name === undefined ? undefined : write(hands, level, name, args);
      },
    ],
  ]),
];

const loggerIn = (value: Value): string | undefined => (isRecord(value) && typeof value['logger'] === 'string' ? value['logger'] : undefined);

const levelOf = (value: Value, hands: Hands): number => (typeof value === 'number' ? value : (LEVELS[hands.text(value)] ?? 30));

/** Nothing configured: warnings and worse, as they are. */
function configured({ state }: Hands): Configured {
  return (state.vars[CONFIGURED] as Configured | undefined) ?? { level: 30, format: '%(message)s' };
}

function write(hands: Hands, level: string, logger: string, [said = '', ...args]: readonly Value[]): null {
  const { context } = hands;
  const { level: least, format, date } = configured(hands);
  if ((LEVELS[level] as number) < least) return null;
  const message = hands.text(args.length === 0 ? said : hands.percent(hands.text(said), args));
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
  return null;
}
