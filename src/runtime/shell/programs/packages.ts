/** apk, apt-get, yum: package managers that find everything. What they install is there afterwards, as far as the shell knows it. */
import type { Time } from '../../../api/time.js';
import { INSTALLED } from '../../userland.js';
import { errorText } from '../kernel.js';
import type { Program, ProgramContext } from '../program.js';
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
const READING = 'Reading package lists...\n';
const apt: Program = {
  ...manager('apt-get', (context, verb, packages) => {
    const archive = context.host.os === 'ubuntu' ? 'archive.ubuntu.com' : 'deb.debian.org';
    const [path, release] = context.host.os === 'ubuntu' ? ['ubuntu', 'noble'] : ['debian', 'bookworm'];
    if (verb !== 'update' && verb !== 'install') return { code: 0, out: READING, takes: 200 };
    const refused = refusal(context);
    if (refused !== undefined) {
      const lock = verb === 'update' ? `${LISTS}/lock` : '/var/lib/dpkg/lock-frontend';
      return { code: 100, err: `E: Could not open lock file ${lock} - open (${refused.startsWith('Read') ? 30 : 13}: ${refused})\n`, takes: 10 };
    }
    const isUp = isReachable(context, archive);
    if (verb === 'update') {
      if (!isUp) {
        const failed = `Err:1 http://${archive}/${path} ${release} InRelease\n  Temporary failure resolving '${archive}'\n${READING}`;
        return { code: 0, out: failed, err: 'W: Some index files failed to download. They have been ignored, or old ones used instead.\n', takes: 30_000 };
      }
      const out = `Get:1 http://${archive}/${path} ${release} InRelease [151 kB]\nGet:2 http://${archive}/${path} ${release}/main amd64 Packages [8793 kB]\nFetched 8944 kB in 2s (4472 kB/s)\n${READING}`;
      for (const directory of ['/var/lib/apt', LISTS]) if (context.files.stat(directory) === undefined) context.files.makeDirectory(directory);
      return { code: 0, out, takes: 2500 };
    }
    const head = `${READING}Building dependency tree...\nReading state information...\n`;
    if (context.files.stat(LISTS) === undefined)
      return { code: 100, out: head, err: packages.map((one) => `E: Unable to locate package ${one}\n`).join(''), takes: 300 };
    const news = `The following NEW packages will be installed:\n  ${packages.join(' ')}\n0 upgraded, ${packages.length} newly installed, 0 to remove and 0 not upgraded.\n`;
    if (!context.args.some((arg) => /^(-[a-z]*y[a-z]*|--yes|--assume-yes|-qq)$/.test(arg)))
      return { code: 1, out: `${head}${news}Do you want to continue? [Y/n] Abort.\n`, takes: 300 };
    const steps = ['Selecting previously unselected package', 'Unpacking', 'Setting up'];
    const done = steps
      .map((step) => packages.map((one) => `${step} ${one}${step === 'Selecting previously unselected package' ? '.' : ' ...'}\n`).join(''))
      .join('');
    return { code: 0, out: `${head}${news}${done}`, takes: 3000 };
  }),
  aliases: ['apt'],
};

const yum: Program = {
  ...manager('yum', (_, verb, packages) => ({
    code: 0,
    out: verb === 'install' ? `Installed:\n${packages.map((one) => `  ${one}\n`).join('')}\nComplete!\n` : 'Complete!\n',
    takes: 3000,
  })),
  aliases: ['dnf', 'microdnf'],
};

export const packagePrograms: readonly Program[] = [apk, apt, yum];
