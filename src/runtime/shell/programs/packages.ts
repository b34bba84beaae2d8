/** apk, apt-get, yum: package managers that find everything. What they install is there afterwards, as far as the shell knows it. */
import { after, milliseconds, type Time } from '../../../api/time.js';
import { INSTALLED } from '../../userland.js';
import { errorText } from '../kernel.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { later, type Outcome } from './later.js';

/** Packages that are not named as the programs they bring. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'apache2-utils': 'ab',
  'bind-tools': 'dig nslookup host',
  'bind-utils': 'dig nslookup host',
  'bind9-dnsutils': 'dig nslookup host',
  'bind9-host': 'host',
  'busybox-extras': 'telnet',
  'default-mysql-client': 'mysql mysqladmin mysqldump',
  dnsutils: 'dig nslookup host',
  'fortune-mod': 'fortune',
  'inetutils-ping': 'ping',
  'inetutils-telnet': 'telnet',
  iproute2: 'ip ss',
  iputils: 'ping',
  'iputils-ping': 'ping',
  'mariadb-client': 'mysql mysqladmin mysqldump',
  'mysql-client': 'mysql mysqladmin mysqldump',
  'net-tools': 'netstat ifconfig route arp',
  netcat: 'nc netcat',
  'netcat-openbsd': 'nc netcat',
  'netcat-traditional': 'nc netcat',
  'nmap-ncat': 'nc ncat',
  nodejs: 'node',
  'postgresql-client': 'psql pg_isready pg_dump',
  procps: 'ps top free kill pgrep pkill uptime w watch vmstat',
  'procps-ng': 'ps top free kill pgrep pkill uptime w watch vmstat',
  python3: 'python3',
  redis: 'redis-cli redis-server',
  'redis-tools': 'redis-cli',
  vim: 'vim vi',
  xxd: 'xxd',
};

/** What the kernel takes for a program; nobody reads the rest. */
const BINARY = '\x7fELF';

function install(context: ProgramContext, packages: readonly string[]): void {
  for (const name of packages)
    for (const program of (PROGRAMS[name] ?? name).split(' ')) context.files.write(`${INSTALLED}/${program}`, BINARY, { mode: 0o755, at: context.now as Time });
}

/** Why nothing can be installed, in the kernel's words: it is not root, or its files are read-only. */
function refusal({ files }: ProgramContext): string | undefined {
  try {
    files.write(`${INSTALLED}/.lock`, '');
    files.remove(`${INSTALLED}/.lock`);
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}

const isReachable = (context: ProgramContext, host: string): boolean => {
  const { network } = context.host;
  return !('error' in network.resolve(host)) && !('failure' in network.tcp(host, 80));
};

/** A program that fetches from the network first; what it installs is there when it has ended. */
function manager(name: string, run: (context: ProgramContext, verb: string, packages: readonly string[]) => Outcome): Program {
  return {
    name,
    run(context) {
      const [verb = '', ...packages] = context.args.filter((arg) => !arg.startsWith('-'));
      const result = later(context, () => run(context, verb, packages));
      if (result === 0 && (verb === 'add' || verb === 'install')) install(context, packages);
      return result;
    },
  };
}

const MIRROR = 'https://dl-cdn.alpinelinux.org/alpine';
const apk = manager('apk', (context, verb, packages) => {
  if (verb !== 'add' && verb !== 'update') return { code: 0, takes: 100 };
  const refused = refusal(context);
  if (refused !== undefined)
    return { code: 99, err: `ERROR: Unable to lock database: ${refused}\nERROR: Failed to open apk database: ${refused}\n`, takes: 10 };
  const { image, version = '' } = context.host;
  const release = `v${(image === 'alpine' ? /^\d+\.\d+/.exec(version)?.[0] : undefined) ?? '3.21'}`;
  const branches = ['main', 'community'];
  const fetches = branches.map((branch) => `fetch ${MIRROR}/${release}/${branch}/x86_64/APKINDEX.tar.gz\n`).join('');
  if (!isReachable(context, 'dl-cdn.alpinelinux.org')) {
    const warnings = branches.map((branch) => `WARNING: fetching ${MIRROR}/${release}/${branch}: temporary error (try again later)\n`).join('');
    const missing = packages.map((one) => `  ${one} (no such package):\n    required by: world[${one}]\n`).join('');
    const err = verb === 'update' ? warnings : `${warnings}ERROR: unable to select packages:\n${missing}`;
    return { code: verb === 'update' ? 2 : 1, out: fetches, err, takes: 5000 };
  }
  if (verb === 'update') {
    const lines = branches.map((branch) => `${release}.0-0-g0000000 [${MIRROR}/${release}/${branch}]\n`).join('');
    return { code: 0, out: `${fetches}${lines}OK: 25397 distinct packages available\n`, takes: 1200 };
  }
  const lines = packages.map((one, i) => `(${i + 1}/${packages.length}) Installing ${one}\n`).join('');
  return { code: 0, out: `${fetches}${lines}OK: ${8 + packages.length * 2} MiB in ${15 + packages.length} packages\n`, takes: 3000 };
});

/** An image comes without the lists of packages: until `update` nothing is found. */
const LISTS = '/var/lib/apt/lists';
/** What it says of its beginnings: on a terminal each line is ended when its work is done. */
const reading = ({ tty }: ProgramContext, ...more: readonly string[]): string =>
  ['Reading package lists', ...more].map((what) => `${what}...${tty ? ' Done' : ''}\n`).join('');
const TREE = ['Building dependency tree', 'Reading state information'];
/** Of Debian 12, for packages that images bring. */
const BROUGHT: Readonly<Record<string, string>> = {
  bash: '5.2.15-2+b8',
  curl: '7.88.1-10+deb12u12',
  git: '1:2.39.5-0+deb12u2',
  gzip: '1.12-1',
  openssl: '3.0.17-1~deb12u2',
  tar: '1.34+dfsg-1.2+deb12u1',
  wget: '1.21.3-1+deb12u1',
};
/** It has asked whether to go on. JSON. */
interface Asking {
  readonly asks: true;
  input: string;
  until?: Time;
}
const isAsking = (state: unknown): state is Asking => typeof state === 'object' && state !== null && 'asks' in state;
/** The outcome's code where it asks. */
const ASKS = -1;
const isSure = (context: ProgramContext): boolean => context.args.some((arg) => /^(-[a-z]*y[a-z]*|--yes|--assume-yes|-qq)$/.test(arg));

const aptOutcome = (context: ProgramContext, verb: string, packages: readonly string[]): Outcome => {
  const archive = context.host.os === 'ubuntu' ? 'archive.ubuntu.com' : 'deb.debian.org';
  const [path, release] = context.host.os === 'ubuntu' ? ['ubuntu', 'noble'] : ['debian', 'bookworm'];
  if (verb !== 'update' && verb !== 'install') return { code: 0, out: reading(context), takes: 200 };
  const refused = refusal(context);
  if (refused !== undefined) {
    const lock = verb === 'update' ? `${LISTS}/lock` : '/var/lib/dpkg/lock-frontend';
    return { code: 100, err: `E: Could not open lock file ${lock} - open (${refused.startsWith('Read') ? 30 : 13}: ${refused})\n`, takes: 10 };
  }
  const isUp = isReachable(context, archive);
  if (verb === 'update') {
    if (!isUp) {
      const failed = `Err:1 http://${archive}/${path} ${release} InRelease\n  Temporary failure resolving '${archive}'\n${reading(context)}`;
      return { code: 0, out: failed, err: 'W: Some index files failed to download. They have been ignored, or old ones used instead.\n', takes: 30_000 };
    }
    const out = `Get:1 http://${archive}/${path} ${release} InRelease [151 kB]\nGet:2 http://${archive}/${path} ${release}/main amd64 Packages [8793 kB]\nFetched 8944 kB in 2s (4472 kB/s)\n${context.name === 'apt' ? `${reading(context, ...TREE)}All packages are up to date.\n` : reading(context)}`;
    for (const directory of ['/var/lib/apt', LISTS]) if (context.files.stat(directory) === undefined) context.files.makeDirectory(directory);
    return { code: 0, out, takes: 2500 };
  }
  const head = reading(context, ...TREE);
  if (context.files.stat(LISTS) === undefined)
    return { code: 100, out: head, err: packages.map((one) => `E: Unable to locate package ${one}\n`).join(''), takes: 300 };
  const isBrought = (name: string): boolean => BROUGHT[name] !== undefined && context.host.hasProgram(name);
  const brought = packages
    .filter(isBrought)
    .map((name) => `${name} is already the newest version (${BROUGHT[name]}).\n`)
    .join('');
  const wanted = packages.filter((name) => !isBrought(name));
  if (wanted.length === 0) return { code: 0, out: `${head}${brought}0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n`, takes: 400 };
  const news = `${brought}The following NEW packages will be installed:\n  ${wanted.join(' ')}\n0 upgraded, ${wanted.length} newly installed, 0 to remove and 0 not upgraded.\n`;
  if (!isSure(context)) return { code: ASKS, out: `${head}${news}Do you want to continue? [Y/n] `, takes: 300 };
  return { code: 0, out: `${head}${news}${installing(wanted)}`, takes: INSTALLING };
};

const INSTALLING = 3000;
const installing = (packages: readonly string[]): string =>
  ['Selecting previously unselected package', 'Unpacking', 'Setting up']
    .map((step) => packages.map((one) => `${step} ${one}${step === 'Selecting previously unselected package' ? '.' : ' ...'}\n`).join(''))
    .join('');

const apt: Program = {
  name: 'apt-get',
  aliases: ['apt'],
  run(context) {
    const [verb = '', ...packages] = context.args.filter((arg) => !arg.startsWith('-'));
    if (isAsking(context.state)) return answered(context, context.state, packages);
    if (context.state === undefined && context.name === 'apt' && !context.tty)
      context.err('\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n');
    const result = later(context, () => aptOutcome(context, verb, packages));
    if (result === 0 && verb === 'install') install(context, packages);
    if (result !== ASKS) return result;
    const asking: Asking = { asks: true, input: '' };
    context.state = asking;
    return answered(context, asking, packages);
  },
};

/** What is typed decides: nothing but Enter is yes, the end of the input no. */
function answered(context: ProgramContext, asking: Asking, packages: readonly string[]): number | Wait {
  if (asking.until === undefined) {
    while (!asking.input.includes('\n')) {
      const text = context.read();
      if (text === '') return { wait: 'stdin' };
      if (text === undefined) break;
      asking.input += text;
    }
    if (asking.input === '' || !/^\s*(y.*)?$/i.test(asking.input.split('\n')[0] as string)) {
      context.out('Abort.\n');
      return 1;
    }
    asking.until = after(context.now, milliseconds(INSTALLING));
  }
  const { until } = asking;
  if (context.now < until) return { wait: 'time', until };
  const wanted = packages.filter((name) => BROUGHT[name] === undefined || !context.host.hasProgram(name));
  context.out(installing(wanted));
  install(context, packages);
  return 0;
}

const yum: Program = {
  ...manager('yum', (_, verb, packages) => ({
    code: 0,
    out: verb === 'install' ? `Installed:\n${packages.map((one) => `  ${one}\n`).join('')}\nComplete!\n` : 'Complete!\n',
    takes: 3000,
  })),
  aliases: ['dnf', 'microdnf'],
};

export const packagePrograms: readonly Program[] = [apk, apt, yum];
