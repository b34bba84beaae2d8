/** busybox(1): which one an image has, what it says above an applet's usage, and its applets called through it. */
import type { ProcessHost } from '../../process.js';
import type { Program, ProgramContext } from '../program.js';

/** When releases were built, as their banners say; of others the day is not known. */
const BUILT: Readonly<Record<string, string>> = {
  '1.28.4': '2018-05-22 17:00:17 UTC',
  '1.31.1': '2019-10-28 18:40:01 UTC',
  '1.36.1': '2023-05-18 22:34:17 UTC',
  '1.37.0': '2024-09-26 21:31:42 UTC',
};
/** Which busybox Alpine's releases have (aports, main/busybox). */
const OF_ALPINE: Readonly<Record<string, string>> = {
  '3.8': '1.28.4',
  '3.9': '1.29.3',
  '3.10': '1.30.1',
  '3.11': '1.31.1',
  '3.12': '1.31.1',
  '3.13': '1.32.1',
  '3.14': '1.33.1',
  '3.15': '1.34.1',
  '3.16': '1.35.0',
  '3.17': '1.35.0',
  '3.18': '1.36.1',
  '3.19': '1.36.1',
  '3.20': '1.36.1',
};
const LATEST = '1.37.0';

/** Of the busybox in a container: its image's own, or the one of its Alpine. */
export function busyboxVersion({ os, image, tag, version = '' }: ProcessHost): string {
  if (image === 'busybox') return version;
  if (os !== 'alpine') return LATEST;
  const release = /^\d+\.\d+/.exec(image === 'alpine' ? version : (/alpine(\d+\.\d+)/.exec(tag)?.[1] ?? ''))?.[0];
  return OF_ALPINE[release ?? ''] ?? LATEST;
}

function banner({ host }: ProgramContext): string {
  const version = busyboxVersion(host);
  return `BusyBox v${version} (${BUILT[version] ?? '2021-01-01 00:00:00 UTC'}) multi-call binary.\n`;
}

/** What busybox prints above an applet's usage, and its first line. */
export const busyboxUsage = (context: ProgramContext, usage = `${context.name} [OPTIONS]`): string => `${banner(context)}\nUsage: ${usage}\n`;

export const busybox: Program = {
  name: 'busybox',
  run(context) {
    const started = context.state as { pid: number } | undefined;
    if (started !== undefined) return context.child(started.pid) ?? { wait: 'children', pids: [started.pid] };
    const [applet, ...args] = context.args;
    if (applet === undefined || applet === '--help') {
      context.out(`${banner(context)}BusyBox is copyrighted by many authors between 1998-2015.\n`);
      return 0;
    }
    if (!context.host.hasProgram(applet)) {
      context.err(`${applet}: applet not found\n`);
      return 127;
    }
    const pid = context.spawn([applet, ...args]);
    context.state = { pid };
    return { wait: 'children', pids: [pid] };
  },
};
