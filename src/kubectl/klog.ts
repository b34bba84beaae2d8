/** Lines as klog writes them to stderr (k8s.io/klog/v2 formatHeader, internal/serialize). */
import { formatMicroTime, type Time } from '../api/time.js';

/** `I0101 00:00:00.000000       1 round_trippers.go:632] text`; `where` is the file and line of kubectl that says it. */
export function klogLine(severity: 'I' | 'W', now: Time, where: string, text: string): string {
  const at = formatMicroTime(now);
  return `${severity}${at.slice(5, 7)}${at.slice(8, 10)} ${at.slice(11, 26)}       1 ${where}] ${text}\n`;
}

/** ` key="value"`; text of several lines stands indented between `<` and `>`. */
export function klogPair(key: string, value: string | number): string {
  if (typeof value === 'number') return ` ${key}=${value}`;
  if (!value.includes('\n')) return ` ${key}=${JSON.stringify(value)}`;
  return ` ${key}=<\n${value.replace(/\n$/, '').replace(/^/gm, '\t')}\n >`;
}
