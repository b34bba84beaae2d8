/** `--request-timeout`: seconds, or a number with its unit (client-go tools/clientcmd ParseTimeout). */
import type { FlagValues } from './command.js';

/** In milliseconds; 0: none. undefined: it is neither. */
export async function requestTimeout(flags: FlagValues): Promise<number | undefined> {
  const text = flags.string('request-timeout');
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  return (await import('../api/time.js')).parseDuration(text);
}

/** What a watch asks the server for, so that it ends in time. */
export async function watchLimit(flags: FlagValues): Promise<{ readonly timeoutSeconds?: number }> {
  const ms = (await requestTimeout(flags)) ?? 0;
  return ms > 0 ? { timeoutSeconds: Math.ceil(ms / 1000) } : {};
}
