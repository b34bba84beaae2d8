/** Fills in a catalogue text: `{{iso}}`, `{{nginx}}`, `{{hostname}}`, `{{env NAME}}` … */
import type { Time } from '../api/time.js';
import type { ProcessHost } from './process.js';

const two = (n: number): string => String(n).padStart(2, '0');
const three = (n: number): string => String(n).padStart(3, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Time stamps as various programs write them. */
const STAMPS: Readonly<Record<string, (d: Date) => string>> = {
  iso: (d) => d.toISOString(),
  /** 2026-01-01T00:00:00.123000Z: etcd */
  micros: (d) => d.toISOString().replace('Z', '000Z'),
  /** 2026-01-01T00:00:00.123+00:00: mongod */
  offset: (d) => d.toISOString().replace('Z', '+00:00'),
  /** 2026-01-01T00:00:00.123+0000: mongod before 4.4 */
  numeric: (d) => d.toISOString().replace('Z', '+0000'),
  /** 2026/01/01 00:00:00: nginx, Go's log package */
  slashes: (d) => `${d.getUTCFullYear()}/${two(d.getUTCMonth() + 1)}/${two(d.getUTCDate())} ${d.toISOString().slice(11, 19)}`,
  /** 2026-01-01 00:00:00 */
  plain: (d) => d.toISOString().slice(0, 19).replace('T', ' '),
  /** 2026-01-01 00:00:00.123: postgres, rabbitmq */
  millis: (d) => d.toISOString().slice(0, 23).replace('T', ' '),
  /** 00:00:00.12: bitnami's scripts */
  centis: (d) => d.toISOString().slice(11, 22),
  /** 01 Jan 2026 00:00:00.123 */
  redis: (d) => `${two(d.getUTCDate())} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()} ${d.toISOString().slice(11, 19)}.${three(d.getUTCMilliseconds())}`,
  /** Thu Jan 01 00:00:00.123456 2026 */
  apache: (d) =>
    `${DAYS[d.getUTCDay()]} ${MONTHS[d.getUTCMonth()]} ${two(d.getUTCDate())} ${d.toISOString().slice(11, 19)}.${three(d.getUTCMilliseconds())}000 ${d.getUTCFullYear()}`,
  /** 01/Jan/2026:00:00:00 +0000: the common log format */
  clf: (d) => `${two(d.getUTCDate())}/${MONTHS[d.getUTCMonth()]}/${d.getUTCFullYear()}:${d.toISOString().slice(11, 19)} +0000`,
  /** 01/Jan/2026 00:00:00: Python's http.server */
  python: (d) => `${two(d.getUTCDate())}/${MONTHS[d.getUTCMonth()]}/${d.getUTCFullYear()} ${d.toISOString().slice(11, 19)}`,
  /** klog: 0101 00:00:00.123456 */
  klog: (d) => `${two(d.getUTCMonth() + 1)}${two(d.getUTCDate())} ${d.toISOString().slice(11, 19)}.${three(d.getUTCMilliseconds())}000`,
  epoch: (d) => (d.getTime() / 1000).toFixed(3),
};

export function fillIn(text: string, host: Pick<ProcessHost, 'hostname' | 'ip'>, at: Time, env: Readonly<Record<string, string>> = {}): string {
  if (!text.includes('{{')) return text;
  return text.replace(/\{\{(\w+)(?: (\w+)(?:=([^}]*))?)?\}\}/g, (whole, word: string, argument: string | undefined, otherwise: string | undefined) => {
    if (word === 'hostname') return host.hostname;
    if (word === 'ip') return host.ip;
    if (word === 'pi' && argument !== undefined) return piDigits(Math.min(Number(env[argument] ?? argument) || 1, 5000));
    if (word === 'env' && argument !== undefined) return (env[argument] ?? '') === '' ? (otherwise ?? '') : (env[argument] as string);
    return STAMPS[word]?.(new Date(at)) ?? whole;
  });
}

/** Pi to so many significant digits, as `bpi` prints it: Machin's formula in whole numbers. */
export function piDigits(digits: number): string {
  const scale = 10n ** BigInt(digits + 10);
  const arctan = (x: bigint): bigint => {
    let power = scale / x;
    let sum = power;
    for (let n = 3n, sign = -1n; power !== 0n; n += 2n, sign = -sign) {
      power /= x * x;
      sum += (sign * power) / n;
    }
    return sum;
  };
  const text = (4n * (4n * arctan(5n) - arctan(239n))).toString();
  const rounded = ((BigInt(text.slice(0, digits + 1)) + 5n) / 10n).toString();
  return `${rounded.slice(0, 1)}.${rounded.slice(1)}`;
}
