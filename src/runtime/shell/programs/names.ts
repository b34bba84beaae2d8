/** Asking the name server: nslookup (busybox's, old and new, and bind's), dig, host, getent. */
import type { Program, ProgramContext } from '../program.js';
import { busyboxUsage } from './busybox.js';
import { later, type Outcome } from './later.js';

const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

/** Whom to ask: the first of resolv.conf, or who was named (as it was named, and where that is). */
interface Server {
  readonly label: string;
  readonly ip: string;
  readonly isNamed: boolean;
}

/** Undefined: a name that leads nowhere. */
function serverOf(context: ProgramContext, named: string | undefined): Server | undefined {
  if (named === undefined) {
    const { server } = resolvConf(context);
    return { label: server, ip: server, isNamed: false };
  }
  const found = ADDRESS.test(named) ? { addresses: [named] } : context.host.network.resolve(named);
  const ip = 'error' in found ? undefined : found.addresses[0];
  return ip === undefined ? undefined : { label: named, ip, isNamed: true };
}

function resolvConf(context: ProgramContext): { readonly server: string; readonly searches: readonly string[]; readonly ndots: number } {
  let text = '';
  try {
    text = context.files.read('/etc/resolv.conf');
  } catch {
    // As with an empty one.
  }
  const words = (key: string): readonly string[] =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${key} `))
      .flatMap((line) => line.split(/\s+/).slice(1));
  const ndots = words('options').find((word) => word.startsWith('ndots:'));
  return { server: words('nameserver')[0] ?? '127.0.0.1', searches: words('search'), ndots: Number(ndots?.slice(6) ?? 1) };
}

type Answer = { readonly name: string; readonly addresses: readonly string[] } | { readonly error: string };

/** One question, for exactly this name. */
function ask(context: ProgramContext, name: string, server?: Server): Answer {
  const absolute = `${name.replace(/\.$/, '')}.`;
  const found = context.host.network.resolve(absolute, server?.isNamed === true ? server.ip : undefined);
  return 'error' in found ? { error: found.error } : { name: found.canonical ?? name.replace(/\.$/, ''), addresses: found.addresses };
}

/** By the search list, as the C library does; the name last asked for when nothing is found. */
function search(context: ProgramContext, name: string, server?: Server): Answer & { readonly asked: string } {
  const { searches, ndots } = resolvConf(context);
  const bare = name.replace(/\.$/, '');
  const dots = bare.split('.').length - 1;
  const candidates = name.endsWith('.')
    ? [bare]
    : dots >= ndots
      ? [bare, ...searches.map((one) => `${bare}.${one}`)]
      : [...searches.map((one) => `${bare}.${one}`), bare];
  for (const candidate of candidates) {
    const answer = ask(context, candidate, server);
    if (!('error' in answer) || answer.error === 'TIMEOUT') return { ...answer, asked: candidate };
  }
  return { error: 'NXDOMAIN', asked: candidates.at(-1) as string };
}

/** The name of an address: a service's or a pod's. */
function reverse(context: ProgramContext, ip: string): string | undefined {
  return context.host.network.reverse?.(ip);
}

const isOld = (context: ProgramContext): boolean => context.host.os !== 'alpine' && /^1\.2\d/.test(context.host.version ?? context.host.tag);

/** busybox before 1.30: getaddrinfo with the search list, and names of what it found. */
function oldBusybox(context: ProgramContext, name: string, server: Server): Outcome {
  const line = (i: number, ip: string): string => `Address ${i + 1}: ${ip}${reverse(context, ip) === undefined ? '' : ` ${reverse(context, ip)}`}\n`;
  const head = `Server:    ${server.label}\n${line(0, server.ip)}\n`;
  const answer: Answer = ADDRESS.test(name)
    ? { name, addresses: [name] }
    : name === 'localhost'
      ? { name, addresses: ['127.0.0.1'] }
      : search(context, name, server);
  if ('error' in answer) return { code: 1, out: head, err: `nslookup: can't resolve '${name}'\n`, takes: 20 };
  return { code: 0, out: `${head}Name:      ${name}\n${answer.addresses.map((ip, i) => line(i, ip)).join('')}`, takes: 5 };
}

/** Nobody answers. */
const SILENCE = { code: 1, out: ';; connection timed out; no servers could be reached\n\n' } as const;

/** A name that stands for another one. */
const alias = (asked: string, name: string, end = ''): string => (asked === name ? '' : `${asked}\tcanonical name = ${name}${end}\n`);

/** busybox since 1.30: its own resolver. A name without a dot is asked for in every search domain. */
function newBusybox(context: ProgramContext, name: string, type: string | undefined, server: Server): Outcome {
  const { searches } = resolvConf(context);
  let out = `Server:\t\t${server.label}\nAddress:\t${server.ip}:53\n\n`;
  if (ADDRESS.test(name)) {
    const found = reverse(context, name);
    const pointer = `${name.split('.').reverse().join('.')}.in-addr.arpa`;
    if (found === undefined) return { code: 1, out: `${out}** server can't find ${pointer}: NXDOMAIN\n\n`, takes: 5 };
    return { code: 0, out: `${out}${pointer}\tname = ${found}\n\n`, takes: 5 };
  }
  const names = name.includes('.') ? [name.replace(/\.$/, '')] : searches.length > 0 ? searches.map((one) => `${name}.${one}`) : [name];
  let code = 0;
  for (const candidate of names) {
    const answer = ask(context, candidate, server);
    if ('error' in answer && answer.error === 'TIMEOUT') return { ...SILENCE, takes: 10_000 };
    if ('error' in answer) {
      // One for A, one for AAAA.
      out += `** server can't find ${candidate}: ${answer.error}\n\n`.repeat(type === undefined ? 2 : 1);
      code = 1;
    } else if (type === 'AAAA') out += `${alias(candidate, answer.name)}\n`;
    else
      out += `${alias(candidate, answer.name)}${answer.addresses.map((ip) => `Name:\t${answer.name}\nAddress: ${ip}\n`).join('')}\n${type === undefined ? `${alias(candidate, answer.name)}\n` : ''}`;
  }
  return { code, out, takes: 5 };
}

function bind(context: ProgramContext, name: string, server: Server): Outcome {
  const head = `Server:\t\t${server.label}\nAddress:\t${server.ip}#53\n\n`;
  if (ADDRESS.test(name)) {
    const found = reverse(context, name);
    const pointer = `${name.split('.').reverse().join('.')}.in-addr.arpa`;
    return found === undefined
      ? { code: 1, out: `** server can't find ${pointer}: NXDOMAIN\n\n`, takes: 5 }
      : { code: 0, out: `${pointer}\tname = ${found}.\n\n`, takes: 5 };
  }
  const answer = search(context, name, server);
  if ('error' in answer && answer.error === 'TIMEOUT') return { ...SILENCE, takes: 15_000 };
  if ('error' in answer) return { code: 1, out: `${head}** server can't find ${name.replace(/\.$/, '')}: NXDOMAIN\n\n`, takes: 10 };
  return {
    code: 0,
    out: `${head}${alias(answer.asked, answer.name, '.')}${answer.addresses.map((ip) => `Name:\t${answer.name}\nAddress: ${ip}\n`).join('')}\n`,
    takes: 5,
  };
}

const nslookup: Program = {
  name: 'nslookup',
  run(context) {
    const words = context.args.filter((arg) => !arg.startsWith('-'));
    const type = context.args.map((arg) => /^-(?:type|query|querytype|q)=(\w+)$/i.exec(arg)?.[1]?.toUpperCase()).find((one) => one !== undefined);
    const name = words[0];
    if (name === undefined) {
      context.err(context.flavour === 'ash' ? busyboxUsage(context, 'nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]') : '');
      return 1;
    }
    return later(context, () => {
      const isBind = context.flavour !== 'ash' || context.host.hasProgram('dig');
      const server = serverOf(context, words[1]);
      if (server === undefined) {
        const err = isBind ? `nslookup: couldn't get address for '${words[1]}': not found\n` : `nslookup: bad address '${words[1]}'\n`;
        return { code: 1, err, takes: 20 };
      }
      if (isBind) return bind(context, name, server);
      return isOld(context) ? oldBusybox(context, name, server) : newBusybox(context, name, type, server);
    });
  },
};

const dig: Program = {
  name: 'dig',
  run(context) {
    return later(context, () => {
      const named = context.args.find((arg) => arg.startsWith('@'))?.slice(1);
      const server = serverOf(context, named);
      if (server === undefined) return { code: 10, out: `dig: couldn't get address for '${named}': not found\n`, takes: 20 };
      const plus = context.args.filter((arg) => arg.startsWith('+'));
      const words = context.args.filter((arg) => !/^[+@-]/.test(arg) && !/^(A|AAAA|ANY|SRV|CNAME|NS|TXT|MX|PTR|IN)$/i.test(arg));
      const type = context.args.find((arg) => /^(A|AAAA|ANY|SRV|CNAME|NS|TXT|MX|PTR)$/i.test(arg))?.toUpperCase() ?? 'A';
      let out = '';
      for (const name of words.length === 0 ? ['.'] : words) {
        const answer: Answer = plus.includes('+search') ? search(context, name, server) : ask(context, name, server);
        if ('error' in answer && answer.error === 'TIMEOUT')
          return {
            code: 9,
            out: `\n; <<>> DiG 9.18.24 <<>> ${context.args.join(' ')}\n;; global options: +cmd\n;; no servers could be reached\n\n`,
            takes: 15_000,
          };
        const addresses = 'error' in answer || (type !== 'A' && type !== 'ANY') ? [] : answer.addresses;
        if (plus.includes('+short')) {
          out += addresses.map((ip) => `${ip}\n`).join('');
          continue;
        }
        const asked = `${('name' in answer ? answer.name : name).replace(/\.$/, '')}.`;
        const records = addresses.map((ip) => `${asked}\t30\tIN\tA\t${ip}\n`).join('');
        if (plus.includes('+noall')) {
          out += records;
          continue;
        }
        const id = Math.floor(context.host.random() * 65_536);
        out += `\n; <<>> DiG 9.18.24 <<>> ${context.args.join(' ')}\n;; global options: +cmd\n;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: ${'error' in answer ? answer.error : 'NOERROR'}, id: ${id}\n;; flags: qr aa rd; QUERY: 1, ANSWER: ${addresses.length}, AUTHORITY: ${'error' in answer ? 1 : 0}, ADDITIONAL: 1\n;; WARNING: recursion requested but not available\n\n;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n;; QUESTION SECTION:\n;${asked}\t\tIN\t${type}\n\n${records === '' ? '' : `;; ANSWER SECTION:\n${records}\n`}${'error' in answer ? ';; AUTHORITY SECTION:\ncluster.local.\t\t30\tIN\tSOA\tns.dns.cluster.local. hostmaster.cluster.local. 1700000000 7200 1800 86400 30\n\n' : ''};; Query time: 1 msec\n;; SERVER: ${server.ip}#53(${server.label}) (UDP)\n;; WHEN: ${new Date(context.now).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1 $3 $2 $5 UTC $4')}\n;; MSG SIZE  rcvd: ${60 + 16 * addresses.length}\n\n`;
      }
      return { code: 0, out, takes: 5 };
    });
  },
};

const host: Program = {
  name: 'host',
  run(context) {
    const [name, named] = context.args.filter((arg) => !arg.startsWith('-'));
    if (name === undefined) return 1;
    return later(context, () => {
      const server = serverOf(context, named);
      if (server === undefined) return { code: 1, err: `host: couldn't get address for '${named}': not found\n`, takes: 20 };
      const head = named === undefined ? '' : `Using domain server:\nName: ${server.label}\nAddress: ${server.ip}#53\nAliases: \n\n`;
      if (ADDRESS.test(name)) {
        const found = reverse(context, name);
        const pointer = `${name.split('.').reverse().join('.')}.in-addr.arpa`;
        return found === undefined
          ? { code: 1, out: `Host ${pointer}. not found: 3(NXDOMAIN)\n`, takes: 5 }
          : { code: 0, out: `${pointer} domain name pointer ${found}.\n`, takes: 5 };
      }
      const answer = search(context, name, server);
      if ('error' in answer && answer.error === 'TIMEOUT') return { ...SILENCE, takes: 15_000 };
      if ('error' in answer) return { code: 1, out: `${head}Host ${name} not found: 3(NXDOMAIN)\n`, takes: 5 };
      return { code: 0, out: head + answer.addresses.map((ip) => `${answer.name} has address ${ip}\n`).join(''), takes: 5 };
    });
  },
};

const getent: Program = {
  name: 'getent',
  run(context) {
    const [database, ...keys] = context.args;
    const file = (path: string): readonly string[] => {
      try {
        return context.files
          .read(path)
          .split('\n')
          .filter((line) => line !== '');
      } catch {
        return [];
      }
    };
    if (database === 'hosts' || database === 'ahosts' || database === 'ahostsv4') {
      let code = 0;
      for (const key of keys) {
        const found = context.host.network.resolve(key);
        if ('error' in found) code = 2;
        else if (database === 'hosts') context.out(`${(found.addresses[0] as string).padEnd(16)}${found.canonical ?? key}\n`);
        else
          for (const kind of ['STREAM', 'DGRAM', 'RAW'])
            context.out(`${(found.addresses[0] as string).padEnd(16)}${kind.padEnd(7)}${kind === 'STREAM' ? (found.canonical ?? key) : ''}\n`);
      }
      return code;
    }
    if (database !== 'passwd' && database !== 'group') return 1;
    const lines = file(`/etc/${database}`);
    if (keys.length === 0) context.out(lines.map((line) => `${line}\n`).join(''));
    const found = keys.map((key) => lines.find((line) => line.split(':')[0] === key || line.split(':')[2] === key));
    for (const line of found) if (line !== undefined) context.out(`${line}\n`);
    return found.includes(undefined) ? 2 : 0;
  },
};

export const namePrograms: readonly Program[] = [nslookup, dig, host, getent];
