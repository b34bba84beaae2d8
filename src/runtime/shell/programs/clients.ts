/** Databases' clients as far as readiness checks go, openssl rand, package managers, stress. */

import { createHash } from 'node:crypto';
import { bytesOf, textOf } from '../../../api/bytes.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { later } from './later.js';
import { mysqlPrograms } from './mysql.js';
import { parseOptions } from './options.js';
import { psql } from './psql.js';
import { redisCli } from './redis.js';

/** Whether somebody listens there, and how long that took to learn. */
function reach(
  context: ProgramContext,
  host: string,
  port: number,
): { readonly ok: boolean; readonly why: 'refused' | 'timeout' | 'no-route' | 'no-host' | ''; readonly takes: number } {
  const answer = context.host.network.tcp(host, port);
  return 'failure' in answer ? { ok: false, why: answer.failure, takes: answer.takes } : { ok: true, why: '', takes: answer.takes };
}

/** `-h host -p port` and long forms; other words are operands. */
function target(
  context: ProgramContext,
  host: string,
  port: number,
): { readonly host: string; readonly port: number; readonly words: readonly string[]; readonly options: ReadonlyMap<string, string> } {
  const words: string[] = [];
  const options = new Map<string, string>();
  const { args } = context;
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    const long = /^--([\w-]+)(?:=(.*))?$/s.exec(arg);
    if (long !== null)
      options.set(long[1] as string, long[2] ?? (/^(host|port|user|username|dbname|eval|command)$/.test(long[1] as string) ? (args[++i] ?? '') : ''));
    else if (/^-[hpUdtaucenH]$/.test(arg)) options.set(arg[1] as string, args[++i] ?? '');
    else if (/^-[a-zA-Z]/.test(arg)) options.set(arg[1] as string, arg.slice(2));
    else words.push(arg);
  }
  return { host: options.get('h') ?? options.get('host') ?? host, port: Number(options.get('port') ?? port), words, options };
}

const pgIsReady: Program = {
  name: 'pg_isready',
  run(context) {
    const { host, options } = target(context, '/var/run/postgresql', 5432);
    const port = Number(options.get('p') ?? options.get('port') ?? 5432);
    return later(context, () => {
      const { ok, why, takes } = reach(context, host.startsWith('/') ? '127.0.0.1' : host, port);
      const quiet = options.has('q') || options.has('quiet');
      const limit = Number(options.get('t') ?? 3) * 1000;
      if (ok) return { code: 0, takes, ...(quiet ? {} : { out: `${host}:${port} - accepting connections\n` }) };
      return { code: 2, takes: Math.min(takes, why === 'timeout' ? limit : takes), ...(quiet ? {} : { out: `${host}:${port} - no response\n` }) };
    });
  },
};

const mongosh: Program = {
  name: 'mongosh',
  aliases: ['mongo'],
  run(context) {
    if (context.args[0] === '--version') {
      context.out(context.name === 'mongo' ? `MongoDB shell version v${context.host.version ?? '4.4.29'}\n` : '2.5.1\n');
      return 0;
    }
    const { words, options } = target(context, '127.0.0.1', 27_017);
    const url = words.find((word) => /^mongodb:\/\//.test(word)) ?? words[0];
    const place = /^(?:mongodb:\/\/)?(?:[^@/]*@)?([\w.-]+)(?::(\d+))?/.exec(url ?? '');
    const host = options.get('host') ?? (url !== undefined && (url.includes('.') || url.includes(':')) ? place?.[1] : undefined) ?? '127.0.0.1';
    const port = Number(options.get('port') ?? place?.[2] ?? 27_017);
    return later(context, () => {
      const { ok, why, takes } = reach(context, host, port);
      if (!ok)
        return {
          code: 1,
          takes: Math.min(takes, 30_000),
          err: `MongoNetworkError: ${why === 'no-host' ? `getaddrinfo ENOTFOUND ${host}` : why === 'timeout' ? 'Server selection timed out after 30000 ms' : `connect ECONNREFUSED ${host}:${port}`}\n`,
        };
      const script = options.get('eval') ?? '';
      const out = /ping/.test(script)
        ? /\.ok\b/.test(script)
          ? '1\n'
          : '{ ok: 1 }\n'
        : /^\s*\d+(\s*[-+*]\s*\d+)?\s*$/.test(script)
          ? `${script.trim()}\n`
          : '';
      return { code: 0, takes: takes + 200, out };
    });
  },
};

const openssl: Program = {
  name: 'openssl',
  run(context) {
    const [command, ...args] = context.args;
    const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => Math.floor(context.host.random() * 256)));
    if (command === 'rand') {
      const count = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 32);
      const data = bytes(Math.min(count, 1_000_000));
      if (args.includes('-hex')) context.out(`${data.toString('hex')}\n`);
      else if (args.includes('-base64')) context.out(`${(data.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n`);
      else context.out(textOf(data));
      return 0;
    }
    if (command === 'version') {
      context.out('OpenSSL 3.0.16 11 Feb 2025 (Library: OpenSSL 3.0.16 11 Feb 2025)\n');
      return 0;
    }
    if (command === 'sha256' || command === 'md5' || command === 'dgst') {
      const text = context.read();
      if (text === '') return { wait: 'stdin' };
      context.out(
        `${command === 'md5' ? 'MD5' : 'SHA2-256'}(stdin)= ${createHash(command === 'md5' ? 'md5' : 'sha256')
          .update(bytesOf(text ?? ''))
          .digest('hex')}\n`,
      );
      return 0;
    }
    context.err(`Invalid command '${command ?? ''}'; type "help" for a list.\n`);
    return 1;
  },
};

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const amountOf = (text: string, total: number): number => {
  if (text.endsWith('%')) return (Number(text.slice(0, -1)) / 100) * total;
  const match = /^(\d+)([bkmgBKMG]?)/.exec(text);
  return match === null ? 0 : Number(match[1]) * (UNITS[(match[2] as string).toLowerCase()] as number);
};

interface StressState {
  readonly until: number;
  readonly took: boolean;
}

/** stress and stress-ng: memory that may be more than the limit, processors kept busy, a time after which it ends. */
const stress: Program = {
  name: 'stress',
  aliases: ['stress-ng'],
  yields: true,
  handles: { SIGTERM: 143, SIGINT: 130 },
  run(context): number | Wait {
    const options = parseOptions(context, 'c:m:i:d:t:vq', {
      cpu: 'c=',
      vm: 'm=',
      'vm-bytes': 'bytes=',
      'vm-hang': 'hang=',
      'vm-keep': 'keep',
      timeout: 't=',
      io: 'i=',
      hdd: 'd=',
      verbose: 'v',
      quiet: 'q',
      'cpu-load': 'load=',
      'vm-method': 'x=',
      'metrics-brief': 'M',
      metrics: 'M',
      'hdd-bytes': 'x=',
      'vm-stride': 'x=',
      backoff: 'x=',
      'cpu-method': 'x=',
    });
    if (typeof options === 'number') return options;
    const ng = context.name === 'stress-ng';
    const cpus = Number(options.value('c') ?? 0);
    const workers = Number(options.value('m') ?? 0);
    const span = /^(\d+)([smhd]?)/.exec(options.value('t') ?? '');
    let state = context.state as StressState | undefined;
    if (state === undefined) {
      const seconds =
        span === null ? (ng ? 86_400 : Number.POSITIVE_INFINITY) : Number(span[1]) * ({ '': 1, s: 1, m: 60, h: 3600, d: 86_400 }[span[2] as string] as number);
      state = { until: Math.min(context.now + seconds * 1000, 8.64e15), took: false };
      if (ng)
        context.err(
          `stress-ng: info:  [${context.pid}] dispatching hogs: ${[cpus > 0 ? `${cpus} cpu` : '', workers > 0 ? `${workers} vm` : ''].filter((one) => one !== '').join(', ')}\n`,
        );
      else
        context.out(
          `stress: info: [${context.pid}] dispatching hogs: ${cpus} cpu, ${options.value('i') ?? 0} io, ${workers} vm, ${options.value('d') ?? 0} hdd\n`,
        );
      context.state = state;
      // It takes what it was told to after a moment: the kernel notices by then.
      if (workers > 0) return { wait: 'time', until: (context.now + 350) as ProgramContext['now'] };
    }
    if (!state.took) {
      const limit = context.host.memoryLimit ?? 16 * 1024 ** 3;
      const each = amountOf(options.value('bytes') ?? '256M', limit);
      context.uses(ng ? each : each * workers, cpus * Number(options.value('load') ?? 100) * 10_000_000 + workers * 900_000_000);
      state = { ...state, took: true };
      context.state = state;
    }
    if (context.now < state.until) return { wait: 'time', until: state.until as ProgramContext['now'] };
    const ran = span === null ? '86400' : (span[1] as string);
    if (ng) context.err(`stress-ng: info:  [${context.pid}] successful run completed in ${ran}.00s\n`);
    else context.out(`stress: info: [${context.pid}] successful run completed in ${ran}s\n`);
    return 0;
  },
};

export const clientPrograms: readonly Program[] = [redisCli, pgIsReady, psql, ...mysqlPrograms, mongosh, openssl, stress];
