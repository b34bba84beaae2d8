/** psql(1): statements and backslash commands, results in columns. */
import { byteLength } from '../../../api/bytes.js';
import type { SqlAnswer, SqlRequest } from '../../sql/server.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { askSql, type Client, type Conversation, converse, type Failure, type Place, type Result } from './sql.js';

const REASONS: Readonly<Record<Failure, string>> = {
  refused: 'Connection refused',
  timeout: 'Connection timed out',
  'no-route': 'No route to host',
  'no-host': 'Name or service not known',
};

interface Settings extends Place {
  readonly socket: string | undefined;
  readonly user: string;
  readonly password: string | undefined;
  readonly commands: readonly string[];
  readonly file: string | undefined;
  readonly isBare: boolean;
  readonly isUnaligned: boolean;
  readonly isQuiet: boolean;
  readonly stops: boolean;
  readonly separator: string;
  readonly lists: boolean;
}

/** JSON. */
interface State extends Conversation {
  database: string;
  isIn?: true;
  expanded?: boolean;
  failed?: true;
}

const VALUED = 'hpUdcfFvPRT';
const LONG: Readonly<Record<string, string>> = {
  host: 'h',
  port: 'p',
  username: 'U',
  dbname: 'd',
  command: 'c',
  file: 'f',
  'field-separator': 'F',
  set: 'v',
  pset: 'P',
  'tuples-only': 't',
  'no-align': 'A',
  quiet: 'q',
  list: 'l',
  'no-psqlrc': 'X',
  'no-password': 'w',
  csv: 'A',
};

function settingsOf(context: ProgramContext): { readonly settings: Settings; readonly database: string } {
  const { args, env } = context;
  const values: Record<string, string[]> = {};
  const words: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    const long = /^--([\w-]+)(?:=(.*))?$/s.exec(arg);
    const put = (letter: string, value: string): void => {
      values[letter] = [...(values[letter] ?? []), value];
    };
    if (long !== null) {
      const letter = LONG[long[1] as string] ?? '';
      put(letter, long[2] ?? (VALUED.includes(letter) && letter !== '' ? (args[++i] ?? '') : ''));
    } else if (arg.startsWith('-') && arg.length > 1) {
      for (let k = 1; k < arg.length; k += 1) {
        const letter = arg[k] as string;
        if (!VALUED.includes(letter)) put(letter, '');
        else {
          put(letter, k + 1 < arg.length ? arg.slice(k + 1) : (args[++i] ?? ''));
          break;
        }
      }
    } else words.push(arg);
  }
  const given = values['d']?.[0] ?? words[0];
  const url = /^postgres(?:ql)?:\/\/(?:([^:@/]*)(?::([^@]*))?@)?([^:/]*)(?::(\d+))?(?:\/([^?]*))?/.exec(given ?? '');
  const host = url?.[3] ?? values['h']?.[0] ?? env['PGHOST'];
  const user = url?.[1] ?? values['U']?.[0] ?? words[given === words[0] ? 1 : 0] ?? env['PGUSER'] ?? (context.uid === 999 ? 'postgres' : 'root');
  const socket = host === undefined || host.startsWith('/') ? (host ?? '/var/run/postgresql') : undefined;
  const settings = {
    host: socket === undefined ? (host as string) : '127.0.0.1',
    socket,
    port: Number(url?.[4] ?? values['p']?.[0] ?? env['PGPORT'] ?? 5432),
    user,
    password: url?.[2] ?? env['PGPASSWORD'],
    commands: values['c'] ?? [],
    file: values['f']?.[0],
    isBare: values['t'] !== undefined,
    isUnaligned: values['A'] !== undefined,
    isQuiet: values['q'] !== undefined,
    stops: values['v']?.includes('ON_ERROR_STOP=1') === true,
    separator: values['F']?.[0] ?? (args.includes('--csv') ? ',' : '|'),
    lists: values['l'] !== undefined,
  };
  return { settings, database: (url !== null ? url[5] : given) ?? env['PGDATABASE'] ?? (settings.lists ? 'postgres' : user) };
}

export const psql: Program = {
  name: 'psql',
  run(context): number | Wait {
    if (context.args[0] === '--version' || context.args[0] === '-V') {
      const version = context.host.version ?? '17.5';
      context.out(`psql (PostgreSQL) ${version} (Debian ${version}-1.pgdg120+1)\n`);
      return 0;
    }
    const { settings, database } = settingsOf(context);
    const state = (context.state ?? { pending: '', prompted: false, line: 1, database }) as State;
    context.state = state;
    const session = new Session(context, settings, state);
    if (state.isIn !== true) {
      const refused = session.enter();
      if (refused !== undefined) return refused;
      state.isIn = true;
    }
    if (settings.lists) return session.run('\\l', 1).ends ?? 0;
    for (const command of settings.commands) {
      const code = converse(context, session, { pending: '', prompted: false, line: 1 }, command);
      if (typeof code !== 'number' || code !== 0) return code;
    }
    if (settings.commands.length > 0) return state.failed === true ? 1 : 0;
    if (settings.file === undefined || settings.file === '-') return converse(context, session, state);
    const path = context.path(settings.file);
    if (context.files.stat(path)?.type !== 'file') {
      context.err(`psql: error: ${settings.file}: No such file or directory\n`);
      return 1;
    }
    return converse(context, session, { pending: '', prompted: false, line: 1 }, context.files.read(path));
  },
};

class Session implements Client {
  readonly dialect = 'postgres';
  constructor(
    private readonly context: ProgramContext,
    private readonly settings: Settings,
    private readonly state: State,
  ) {}

  prompt(isContinued: boolean): string {
    const isOwner = this.settings.user === 'postgres' || this.context.env['POSTGRES_USER'] === this.settings.user;
    return `${this.state.database}${isContinued ? '-' : '='}${isOwner ? '#' : '>'} `;
  }

  isCommand(line: string): boolean {
    return line.trimStart().startsWith('\\') || (this.state.pending.trim() === line.trim() && /^\s*(exit|quit)\s*$/.test(line));
  }

  private ask(statement?: string, database = this.state.database) {
    const { user, password, socket, host } = this.settings;
    const isLocal = socket !== undefined || host === 'localhost' || host === '127.0.0.1';
    const request: SqlRequest = { user, database, isLocal, ...(password === undefined ? {} : { password }), ...(statement === undefined ? {} : { statement }) };
    return askSql(this.context, this.settings, request);
  }

  /** Comes in; a number: it was not let in, and has said why. */
  enter(database = this.state.database): number | undefined {
    const { context, settings } = this;
    const { socket, host, port } = settings;
    const { answer, failure } = this.ask(undefined, database);
    const file = `${socket}/.s.PGSQL.${port}`;
    if (failure !== undefined) {
      const resolved = failure === 'refused' ? context.host.network.resolve(host) : undefined;
      const ip = resolved === undefined || 'error' in resolved || resolved.addresses[0] === host ? '' : ` (${resolved.addresses[0]})`;
      if (socket !== undefined)
        context.err(
          `psql: error: connection to server on socket "${file}" failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?\n`,
        );
      else if (failure === 'no-host') context.err(`psql: error: could not translate host name "${host}" to address: ${REASONS[failure]}\n`);
      else
        context.err(
          `psql: error: connection to server at "${host}"${ip}, port ${port} failed: ${REASONS[failure]}\n\tIs the server running on that host and accepting TCP/IP connections?\n`,
        );
      return 2;
    }
    if (answer?.error === undefined) {
      const version = answer?.version ?? '16.9';
      if (context.tty && settings.commands.length === 0 && settings.file === undefined && !settings.lists && this.state.isIn !== true)
        context.out(`psql (${version} (Debian ${version}-1.pgdg120+1))\nType "help" for help.\n\n`);
      return undefined;
    }
    const resolved = context.host.network.resolve(host);
    const ip = 'error' in resolved ? host : (resolved.addresses[0] ?? host);
    const where = socket !== undefined ? `on socket "${file}"` : `at "${host}"${ip === host ? '' : ` (${ip})`}, port ${port}`;
    const words = `connection to server ${where} failed: ${answer.error.message}\n`;
    context.err(this.state.isIn === true ? `${words}Previous connection kept\n` : `psql: error: ${words}`);
    return 2;
  }

  run(text: string, line: number): { readonly ends?: number } {
    const { context, settings, state } = this;
    delete state.failed;
    if (text.startsWith('\\') || /^(exit|quit)$/.test(text)) return this.command(text);
    if (text === '') return {};
    const { answer, failure } = this.ask(text);
    if (failure !== undefined) {
      context.err(
        'server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.\n',
      );
      return { ends: 2 };
    }
    if (answer?.error !== undefined) {
      state.failed = true;
      context.err(this.complaint(answer.error, text, line));
      return settings.stops ? { ends: 3 } : {};
    }
    const { result } = answer ?? {};
    if (result?.notice !== undefined) context.err(`NOTICE:  ${result.notice}\n`);
    if (result?.rows !== undefined) context.out(this.table(result));
    if (result !== undefined && (result.rows === undefined || /^(INSERT|UPDATE|DELETE)/.test(result.tag)) && !settings.isQuiet && result.tag !== '')
      context.out(`${result.tag}\n`);
    return {};
  }

  /** Where PostgreSQL points into the statement, psql shows it. */
  private complaint({ message, detail, at }: NonNullable<SqlAnswer['error']>, text: string, line: number): string {
    const { file } = this.settings;
    const before = file === undefined ? '' : `psql:${file}:${line}: `;
    let out = `${before}ERROR:  ${message}\n`;
    if (at !== undefined && at >= 0) {
      const start = text.lastIndexOf('\n', at - 1) + 1;
      const end = text.indexOf('\n', at);
      const number = text.slice(0, at).split('\n').length;
      const whole = text.slice(start, end < 0 ? undefined : end);
      const isLast = end < 0 && this.settings.commands.length >= 0;
      const head = `LINE ${number}: `;
      out += `${head}${whole}${isLast && this.isEnded ? ';' : ''}\n${' '.repeat(head.length + at - start)}^\n`;
    }
    return detail === undefined ? out : `${out}${detail}\n`;
  }

  /** The statement came with its semicolon. */
  private get isEnded(): boolean {
    const { commands } = this.settings;
    return commands.length === 0 || commands.some((one) => one.includes(';'));
  }

  private table(result: Result, title?: string): string {
    const { isBare, isUnaligned, separator } = this.settings;
    const { columns = [], rows = [] } = result;
    const cells = rows.map((row) => row.map((cell) => cell ?? ''));
    const count = `(${rows.length} row${rows.length === 1 ? '' : 's'})\n`;
    if (this.state.expanded === true) {
      const width = Math.max(0, ...columns.map(({ name }) => name.length));
      const body = cells.map(
        (row, i) =>
          `-[ RECORD ${i + 1} ]${'-'.repeat(Math.max(0, width + 3 - `-[ RECORD ${i + 1} ]`.length))}\n${row.map((cell, j) => `${columns[j]?.name.padEnd(width)} | ${cell}\n`).join('')}`,
      );
      return rows.length === 0 ? '(0 rows)\n\n' : `${body.join('')}\n`;
    }
    if (isUnaligned) {
      const lines = [...(isBare ? [] : [columns.map(({ name }) => name)]), ...cells].map((row) => `${row.join(separator)}\n`);
      return `${lines.join('')}${isBare || separator === ',' ? '' : count}`;
    }
    const parts = cells.map((row) => row.map((cell) => cell.split('\n')));
    const widths = columns.map(({ name }, i) =>
      Math.max(isBare ? 0 : byteLength(name), ...parts.map((row) => Math.max(...(row[i] ?? ['']).map((one) => one.length)))),
    );
    const center = (text: string, width: number): string => {
      const left = Math.floor((width - text.length) / 2);
      return `${' '.repeat(left)}${text}${' '.repeat(width - text.length - left)}`;
    };
    const last = columns.length - 1;
    const line = (row: readonly string[]): string =>
      row
        .map((cell, i) => {
          const width = widths[i] as number;
          return ` ${columns[i]?.isNumeric === true ? cell.padStart(width) : i === last ? cell : cell.padEnd(width)}${i === last ? '' : ' '}`;
        })
        .join('|');
    const body = parts.flatMap((row) => {
      const height = Math.max(1, ...row.map((cell) => cell.length));
      return Array.from({ length: height }, (_, k) => `${line(row.map((cell) => cell[k] ?? ''))}\n`);
    });
    if (isBare) return `${body.join('')}\n`;
    const heading = columns.map(({ name }, i) => ` ${center(name, widths[i] as number)} `).join('|');
    const rule = widths.map((width) => '-'.repeat(width + 2)).join('+');
    const above = title === undefined ? '' : `${' '.repeat(Math.max(0, Math.floor((rule.length - title.length) / 2)))}${title}\n`;
    return `${above}${columns.length === 0 ? '--\n' : `${heading}\n${rule}\n`}${body.join('')}${title === undefined || !title.startsWith('Table "') ? count : ''}${title?.startsWith('Table "') === true ? '' : '\n'}`;
  }

  private command(text: string): { readonly ends?: number } {
    const { context, state } = this;
    const [name = '', argument = ''] = text.replace(/;$/, '').split(/\s+/);
    const show = (title: string, columns: readonly string[], statement: string, none: string): void => {
      const { answer } = this.ask(statement);
      const rows = answer?.result?.rows ?? [];
      if (rows.length === 0) context.out(none);
      else context.out(this.table({ tag: '', columns: columns.map((one) => ({ name: one, isNumeric: false })), rows }, title));
    };
    switch (name.replace(/\+$/, '')) {
      case '\\q':
      case 'exit':
      case 'quit':
        return { ends: 0 };
      case '\\x':
        state.expanded = argument === '' ? state.expanded !== true : argument === 'on';
        context.out(`Expanded display is ${state.expanded ? 'on' : 'off'}.\n`);
        return {};
      case '\\c':
      case '\\connect': {
        if (this.enter(argument) !== undefined) return context.tty ? {} : { ends: 2 };
        state.database = argument === '' ? state.database : argument;
        context.out(`You are now connected to database "${state.database}" as user "${this.settings.user}".\n`);
        return {};
      }
      case '\\l':
      case '\\list': {
        const { answer } = this.ask('SELECT datname FROM pg_database ORDER BY 1');
        const owner = this.ask('SELECT usename FROM pg_user WHERE usesuper').answer?.result?.rows?.[0]?.[0] ?? 'postgres';
        const rows = (answer?.result?.rows ?? []).map(([one]) => {
          const rights = /^template/.test(one ?? '') ? `=c/${owner}          +\n${owner}=CTc/${owner}`.replace(/ +\+/, (blank) => blank) : '';
          return [one ?? '', owner, 'UTF8', 'libc', 'en_US.utf8', 'en_US.utf8', '', '', rights];
        });
        const names = ['Name', 'Owner', 'Encoding', 'Locale Provider', 'Collate', 'Ctype', 'ICU Locale', 'ICU Rules', 'Access privileges'];
        context.out(this.table({ tag: '', columns: names.map((one) => ({ name: one, isNumeric: false })), rows }, 'List of databases'));
        return {};
      }
      case '\\dt':
      case '\\d': {
        if (argument !== '') return this.describe(argument);
        show(
          'List of relations',
          ['Schema', 'Name', 'Type', 'Owner'],
          "SELECT schemaname, tablename, 'table', tableowner FROM pg_tables ORDER BY 2",
          'Did not find any relations.\n',
        );
        return {};
      }
      case '\\du':
      case '\\dg': {
        const { answer } = this.ask('SELECT usename, usesuper FROM pg_user ORDER BY 1');
        const rows = (answer?.result?.rows ?? []).map(([one, isSuper]) => [
          one ?? '',
          isSuper === 't' ? 'Superuser, Create role, Create DB, Replication, Bypass RLS' : '',
        ]);
        const text2 = this.table({ tag: '', columns: ['Role name', 'Attributes'].map((one) => ({ name: one, isNumeric: false })), rows }, 'List of roles');
        context.out(text2.replace(/\(\d+ rows?\)\n/, ''));
        return {};
      }
      case '\\conninfo':
        context.out(
          `You are connected to database "${state.database}" as user "${this.settings.user}" via socket in "/var/run/postgresql" at port "${this.settings.port}".\n`,
        );
        return {};
      case '\\echo':
        context.out(`${text.slice(6)}\n`);
        return {};
      case '\\timing':
      case '\\pset':
      case '\\set':
        return {};
      default:
        context.err(`invalid command ${name}\nTry \\? for help.\n`);
        state.failed = true;
        return {};
    }
  }

  private describe(name: string): { readonly ends?: number } {
    const { answer } = this.ask(`DESCRIBE ${name}`);
    if (answer?.result?.rows === undefined) {
      this.context.err(`Did not find any relation named "${name}".\n`);
      this.state.failed = true;
      return {};
    }
    const rows = answer.result.rows.map(([field, type, isNull, , preset, extra]) => {
      const value =
        extra === 'auto_increment'
          ? `nextval('${name}_${field}_seq'::regclass)`
          : preset === null
            ? ''
            : preset === 'CURRENT_TIMESTAMP'
              ? 'CURRENT_TIMESTAMP'
              : /^(character|text)/.test(type ?? '')
                ? `${preset}::${(type ?? '').replace(/\(.*/, '')}`
                : (preset ?? '');
      return [field ?? '', type ?? '', '', isNull === 'NO' ? 'not null' : '', value];
    });
    const keys = answer.result.rows.filter(([, , , key]) => key !== '');
    const columns = ['Column', 'Type', 'Collation', 'Nullable', 'Default'].map((one) => ({ name: one, isNumeric: false }));
    const indexes = keys.map(([field, , , key]) =>
      key === 'PRI' ? `    "${name}_pkey" PRIMARY KEY, btree (${field})\n` : `    "${name}_${field}_key" UNIQUE CONSTRAINT, btree (${field})\n`,
    );
    this.context.out(`${this.table({ tag: '', columns, rows }, `Table "public.${name}"`)}${indexes.length === 0 ? '' : `Indexes:\n${indexes.join('')}`}\n`);
    return {};
  }
}
