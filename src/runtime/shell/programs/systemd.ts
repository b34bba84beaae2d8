/** systemctl and journalctl on a node: its kubelet can be stopped and started, the rest runs. */
import { parseDuration, type Time } from '../../../api/time.js';
import type { NodeView, UnitView } from '../../node-view.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { parseOptions } from './options.js';

interface Unit {
  readonly description: string;
  readonly file: string;
  readonly dropIns?: readonly [directory: string, names: string];
  readonly docs: string;
  /** What it may use at most is not set; so much it takes. */
  readonly memory: string;
  readonly group: string;
  readonly command: string;
}

const UNITS: Readonly<Record<string, Unit>> = {
  kubelet: {
    description: 'kubelet: The Kubernetes Node Agent',
    file: '/etc/systemd/system/kubelet.service',
    dropIns: ['/etc/systemd/system/kubelet.service.d', '10-kubeadm.conf, 11-kind.conf'],
    docs: 'http://kubernetes.io/docs/',
    memory: '42.4M',
    group: '/kubelet.slice/kubelet.service',
    command:
      '/usr/bin/kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf --config=/var/lib/kubelet/config.yaml --container-runtime-endpoint=unix:///run/containerd/containerd.sock --runtime-cgroups=/system.slice/containerd.service',
  },
  containerd: {
    description: 'containerd container runtime',
    file: '/etc/systemd/system/containerd.service',
    docs: 'https://containerd.io',
    memory: '212.6M',
    group: '/system.slice/containerd.service',
    command: '/usr/local/bin/containerd',
  },
};

const bare = (name: string): string => name.replace(/\.service$/, '');
/** `Thu 2026-01-01 00:00:00 UTC`. */
const stamp = (at: number): string => `${new Date(at).toUTCString().slice(0, 3)} ${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** systemd's format_timestamp_relative. */
function relative(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (days >= 7)
    return `${Math.floor(days / 7)} weeks ${days % 7} days ago`
      .replace(/^1 weeks/, '1 week')
      .replace(/ 1 days/, ' 1 day')
      .replace(/ 0 days/, '');
  if (days > 0) return `${days} day${days === 1 ? '' : 's'}${hours === 0 ? '' : ` ${hours}h`} ago`;
  if (hours > 0) return `${hours}h${minutes === 0 ? '' : ` ${minutes}min`} ago`;
  if (seconds >= 300) return `${minutes}min ago`;
  if (seconds >= 60) return `${minutes}min${seconds % 60 === 0 ? '' : ` ${seconds % 60}s`} ago`;
  return seconds > 0 ? `${seconds}s ago` : `${ms}ms ago`;
}

function status(context: ProgramContext, node: NodeView, name: string): number {
  const unit = UNITS[name];
  const view = node.daemons.unit(name);
  if (unit === undefined || view === undefined) {
    context.err(`Unit ${name}.service could not be found.\n`);
    return 4;
  }
  const { isActive, since, pid } = view;
  const lines = [
    `${isActive ? '●' : '○'} ${name}.service - ${unit.description}`,
    `     Loaded: loaded (${unit.file}; enabled; preset: enabled)`,
    ...(unit.dropIns === undefined ? [] : [`    Drop-In: ${unit.dropIns[0]}`, `             └─${unit.dropIns[1]}`]),
    `     Active: ${isActive ? 'active (running)' : 'inactive (dead)'} since ${stamp(since)}; ${relative(context.now - since)}`,
    ...(isActive ? [] : [`   Duration: ${duration(node, name, since)}`]),
    `       Docs: ${unit.docs}`,
    ...(isActive
      ? [
          `   Main PID: ${pid} (${name})`,
          '      Tasks: 15 (limit: 9442)',
          `     Memory: ${unit.memory}`,
          `        CPU: ${((context.now - since) * 0.00003 + 0.4).toFixed(3)}s`,
          `     CGroup: ${unit.group}`,
          `             └─${pid} ${unit.command}`,
        ]
      : [
          `    Process: ${pid} ExecStart=${unit.command} (code=exited, status=0/SUCCESS)`,
          `   Main PID: ${pid} (code=exited, status=0/SUCCESS)`,
          '        CPU: 1.214s',
        ]),
  ];
  const journal = node.daemons.journal(name).slice(-10);
  context.out(`${lines.join('\n')}\n${journal.length === 0 ? '' : '\n'}${journal.map((line) => journalLine(node.name, line)).join('')}`);
  return isActive ? 0 : 3;
}

/** How long it had run. */
function duration(node: NodeView, name: string, until: number): string {
  const start = node.daemons.journal(name).findLast(({ at, text }) => at < until && text.startsWith('Started '))?.at ?? until;
  const seconds = Math.floor((until - start) / 1000);
  return [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ]
    .flatMap(([n, unit]) => (n === 0 ? [] : [`${n}${unit}`]))
    .join(' ');
}

const isActive = (view: UnitView | undefined): boolean => view?.isActive === true;

const systemctl: Program = {
  name: 'systemctl',
  run(context) {
    const options = parseOptions(context, 'lqan:t:H:', {
      'no-pager': 'P',
      full: 'l',
      quiet: 'q',
      all: 'a',
      now: 'N',
      lines: 'n=',
      type: 't=',
      state: 's=',
      force: 'f',
    });
    if (typeof options === 'number') return options;
    const { node } = context.host;
    if (node === undefined) {
      context.err("System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n");
      return 1;
    }
    const [verb = 'list-units', ...names] = options.operands;
    if (verb === 'daemon-reload' || verb === 'daemon-reexec' || verb === 'reset-failed') return 0;
    if (verb === 'list-units' || verb === 'list-unit-files') {
      const rows = Object.entries(UNITS).map(
        ([name, { description }]) =>
          `  ${`${name}.service`.padEnd(20)} loaded ${isActive(node.daemons.unit(name)) ? 'active   running' : 'inactive dead   '} ${description}\n`,
      );
      context.out(`  UNIT                 LOAD   ACTIVE   SUB     DESCRIPTION\n${rows.sort().join('')}`);
      return 0;
    }
    if (names.length === 0) {
      context.err(`Too few arguments.\n`);
      return 1;
    }
    let result = 0;
    for (const name of names.map(bare)) {
      const view = node.daemons.unit(name);
      if (view === undefined && verb !== 'status' && verb !== 'is-active' && verb !== 'is-enabled') {
        context.err(`Failed to ${verb} ${name}.service: Unit ${name}.service not found.\n`);
        result = 5;
        continue;
      }
      switch (verb) {
        case 'status':
          result = status(context, node, name) || result;
          break;
        case 'is-active':
          if (!options.has('q')) context.out(isActive(view) ? 'active\n' : 'inactive\n');
          if (!isActive(view)) result = 3;
          break;
        case 'is-enabled':
          context.out(view === undefined ? '' : 'enabled\n');
          if (view === undefined) result = 1;
          break;
        case 'start':
          if (!isActive(view)) node.daemons.setUnit(name, true);
          break;
        case 'restart':
        case 'try-restart':
        case 'reload-or-restart':
          if (name === 'containerd') context.err('podsim: containerd goes on as it is\n');
          else if (verb !== 'try-restart' || isActive(view)) node.daemons.setUnit(name, true);
          break;
        case 'stop':
        case 'kill':
          if (name === 'containerd') context.err('podsim: containerd cannot be stopped here; podsim fault node-down switches the node off\n');
          else if (isActive(view)) node.daemons.setUnit(name, false);
          break;
        case 'enable':
        case 'disable':
          if (options.has('N') && isActive(view) !== (verb === 'enable')) node.daemons.setUnit(name, verb === 'enable');
          break;
        case 'cat':
          context.out(
            `# ${UNITS[name]?.file}\n${context.files.stat(UNITS[name]?.file ?? '') === undefined ? '' : context.files.read(UNITS[name]?.file as string)}`,
          );
          break;
        case 'show':
          context.out(
            `Id=${name}.service\nActiveState=${isActive(view) ? 'active' : 'inactive'}\nSubState=${isActive(view) ? 'running' : 'dead'}\nMainPID=${isActive(view) ? view?.pid : 0}\n`,
          );
          break;
        default:
          context.err(`Unknown command verb ${verb}.\n`);
          return 1;
      }
    }
    return result;
  },
};

/** `Jan 01 00:00:20 podsim-worker kubelet[223]: …`. */
function journalLine(host: string, { at, who, text }: { readonly at: number; readonly who: string; readonly text: string }): string {
  const [, day, month, , time] = new Date(at).toUTCString().split(/,? /);
  return `${month} ${day} ${time} ${host} ${who}: ${text}\n`;
}

interface Following {
  readonly shown: number;
}

const journalctl: Program = {
  name: 'journalctl',
  handles: { SIGINT: 130, SIGTERM: 143 },
  run(context): number | Wait {
    const options = parseOptions(context, 'u:n:fxero:S:U:kbp:aqt:', {
      unit: 'u=',
      lines: 'n=',
      follow: 'f',
      'no-pager': 'P',
      since: 'S=',
      until: 'U=',
      output: 'o=',
      reverse: 'r',
      'pager-end': 'e',
      catalog: 'x',
      quiet: 'q',
      boot: 'b',
      priority: 'p=',
    });
    if (typeof options === 'number') return options;
    const { node } = context.host;
    if (node === undefined) {
      context.err('No journal files were found.\n');
      return 1;
    }
    const units = (options.all.get('u') ?? ['kubelet']).map(bare);
    const since = timeOf(context, options.value('S'));
    const until = timeOf(context, options.value('U'));
    let lines = units
      .flatMap((unit) => node.daemons.journal(unit))
      .filter(({ at }) => at <= context.now && (since === undefined || at >= since) && (until === undefined || at <= until))
      .sort((a, b) => a.at - b.at);
    const state = context.state as Following | undefined;
    const total = lines.length;
    const wanted = options.has('n') ? Number(options.value('n')) : options.has('f') ? 10 : undefined;
    if (state !== undefined) lines = lines.slice(state.shown);
    else if (wanted !== undefined && Number.isFinite(wanted)) lines = wanted === 0 ? [] : lines.slice(-wanted);
    if (options.has('r')) lines = [...lines].reverse();
    const isBare = options.value('o') === 'cat';
    context.out(lines.map((line) => (isBare ? `${line.text}\n` : journalLine(node.name, line))).join(''));
    if (!options.has('f')) {
      if (lines.length === 0) context.out('-- No entries --\n');
      return 0;
    }
    context.state = { shown: total } satisfies Following;
    return { wait: 'time', until: (context.now + 1000) as Time };
  },
};

/** `5 min ago`, `-10m`, `2026-01-01 00:00:00`, `today`. */
function timeOf(context: ProgramContext, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === 'today') return Date.parse(`${new Date(context.now).toISOString().slice(0, 10)}T00:00:00Z`);
  if (text === 'now') return context.now;
  const span = /^-?\s*(\d+)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)(\s+ago)?$/.exec(text);
  if (span !== null) {
    const unit = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[(span[2] as string).charAt(0)] ?? 1000;
    return context.now - Number(span[1]) * unit;
  }
  const duration = text.startsWith('-') ? parseDuration(text.slice(1)) : undefined;
  if (duration !== undefined) return context.now - duration;
  const at = Date.parse(
    /^\d{2}:\d{2}/.test(text) ? `${new Date(context.now).toISOString().slice(0, 10)}T${text}Z` : `${text.replace(' ', 'T').replace(/Z?$/, '')}Z`,
  );
  return Number.isNaN(at) ? undefined : at;
}

export const systemdPrograms: readonly Program[] = [systemctl, journalctl];
