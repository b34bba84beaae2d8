/** sleep(1): numbers with s, m, h, d; several add up (busybox takes the same, `infinity` is GNU's). */
import { after, milliseconds, type Time } from '../../../api/time.js';
import type { Program } from '../program.js';
import { busyboxUsage } from './busybox.js';

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

export const sleep: Program = {
  name: 'sleep',
  run(context) {
    const started = context.state as { until: Time | null } | undefined;
    if (started !== undefined)
      return started.until !== null && context.now >= started.until ? 0 : started.until === null ? { wait: 'forever' } : { wait: 'time', until: started.until };
    const gnu = context.flavour !== 'ash';
    if (context.args.length === 0) {
      context.err(gnu ? "sleep: missing operand\nTry 'sleep --help' for more information.\n" : busyboxUsage(context, 'sleep [N]...'));
      return 1;
    }
    let total = 0;
    for (const arg of context.args) {
      if (/^inf(inity)?$/.test(arg)) {
        total = Number.POSITIVE_INFINITY;
        continue;
      }
      const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(arg);
      if (!match) {
        context.err(gnu ? `sleep: invalid time interval '${arg}'\nTry 'sleep --help' for more information.\n` : `sleep: invalid number '${arg}'\n`);
        return 1;
      }
      total += Number(match[1]) * (UNITS[match[2] as string] as number);
    }
    if (total === 0) return 0;
    if (!Number.isFinite(total)) {
      context.state = { until: null };
      return { wait: 'forever' };
    }
    const until = after(context.now, milliseconds(total * 1000));
    context.state = { until };
    return { wait: 'time', until };
  },
};
