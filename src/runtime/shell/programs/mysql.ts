/** mysql(1), mysqladmin(1) and mysqldump(1), and MariaDB's of the same kind: results in a frame on a terminal, else with tabs between. */
import type { SqlAnswer, SqlRequest } from '../../sql/server.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { later } from './later.js';
import { askSql, type Client, type Conversation, converse, type Place, type Result } from './sql.js';

interface Settings extends Place {
  /** Through the socket. */
  readonly isLocal: boolean;
  readonly user: string;
  readonly password: string | undefined;
  readonly asksPassword: boolean;
  readonly isInsecure: boolean;
  readonly database: string | undefined;
  readonly words: readonly string[];
  readonly statement: string | undefined;
  readonly isTable: boolean;
  readonly isVertical: boolean;
  readonly isBare: boolean;
  readonly goesOn: boolean;
}

/** JSON. */
interface State extends Conversation {
  database: string | undefined;
  password: string | undefined;
  isIn?: true;
  asked?: true;
  /** What happened to the last statement. */
  failed?: true;
}

const LONG: Readonly<Record<string, string>> = {
  host: 'h',
  port: 'P',
  user: 'u',
  password: 'p',
  execute: 'e',
  database: 'D',
  socket: 'S',
  table: 't',
  'skip-column-names': 'N',
  vertical: 'E',
  silent: 's',
  batch: 'B',
  force: 'f',
  protocol: 'x',
};

function settingsOf({ args, env, tty }: ProgramContext): Settings {
  const values = new Map<string, string>();
  const words: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    const long = /^--([\w-]+)(?:=(.*))?$/s.exec(arg);
    if (long !== null) {
      const letter = LONG[long[1] as string] ?? (long[1] as string);
      values.set(letter, long[2] ?? ('hPueDSx'.includes(letter) ? (args[++i] ?? '') : ''));
    } else if (/^-[hPueDS]$/.test(arg)) values.set(arg[1] as string, args[++i] ?? '');
    else if (/^-[hPueDSp]./.test(arg)) values.set(arg[1] as string, arg.slice(2));
    else if (/^-[a-zA-Z]+$/.test(arg)) for (const letter of arg.slice(1)) values.set(letter, '');
    else words.push(arg);
  }
  const host = values.get('h') ?? 'localhost';
  const given = values.get('p');
  return {
    host: host === 'localhost' ? '127.0.0.1' : host,
    port: Number(values.get('P') ?? 3306),
    isLocal: host === 'localhost',
    user: values.get('u') ?? 'root',
    password: given === undefined || given === '' ? env['MYSQL_PWD'] : given,
    asksPassword: given === '' && env['MYSQL_PWD'] === undefined,
    isInsecure: given !== undefined && given !== '',
    database: values.get('D') ?? words[0],
    words,
    statement: values.get('e'),
    isTable: values.has('t') || (tty && !values.has('B') && values.get('e') === undefined) || (tty && values.has('e') && !values.has('B')),
    isVertical: values.has('E'),
    isBare: values.has('N'),
    goesOn: values.has('f'),
  };
}

/** MySQL's own clients warn of a password among the arguments. */
const warn = (context: ProgramContext, { isInsecure }: Settings): void => {
  if (isInsecure && context.name.startsWith('mysql'))
    context.err(`${context.name}: [Warning] Using a password on the command line interface can be insecure.\n`);
};

const isVersion = ({ args }: ProgramContext): boolean => args[0] === '--version' || args[0] === '-V';

/** What `--version` says of MySQL's and MariaDB's clients. */
function versionText({ name, host }: ProgramContext): string {
  const { image, version } = host;
  if (image === 'mariadb') return `${name} from ${version ?? '11.8.2'}-MariaDB, client 15.2 for debian-linux-gnu (x86_64) using EditLine wrapper\n`;
  const own = (image === 'mysql' ? version : undefined) ?? '8.0.42';
  return own.startsWith('5.')
    ? `${name}  Ver ${name === 'mysql' ? '14.14' : '8.42'} Distrib ${own}, for Linux (x86_64)${name === 'mysql' ? ' using  EditLine wrapper' : ''}\n`
    : `${name}  Ver ${own} for Linux on x86_64 (MySQL Community Server - GPL)\n`;
}

function request({ user, isLocal, host }: Settings, password: string | undefined, database: string | undefined, statement?: string): SqlRequest {
  const isHere = isLocal || host === '127.0.0.1';
  return {
    user,
    isLocal: isHere,
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ...(statement === undefined ? {} : { statement }),
  };
}

/** Why the server cannot be reached, in the library's words. */
function unreachable({ host, port, isLocal }: Settings, failure: string, { image, version }: ProgramContext['host']): string {
  if (isLocal) return "2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)";
  if (failure === 'no-host') return `2005 (HY000): Unknown MySQL server host '${host}' (-2)`;
  const place = image === 'mysql' && version?.startsWith('5.') === true ? host : `${host}:${port}`;
  return `2003 (HY000): Can't connect to MySQL server on '${place}' (${failure === 'timeout' ? 110 : 111})`;
}

const mysql: Program = {
  name: 'mysql',
  aliases: ['mariadb'],
  run(context): number | Wait {
    if (isVersion(context)) {
      context.out(versionText(context));
      return 0;
    }
    const settings = settingsOf(context);
    const state = (context.state ?? { pending: '', prompted: false, line: 1, database: settings.database, password: settings.password }) as State;
    if (context.state === undefined) warn(context, settings);
    context.state = state;
    if (settings.asksPassword && state.asked !== true) {
      const typed = password(context, state);
      if (typed !== undefined) return typed;
    }
    const session = new Session(context, settings, state);
    if (state.isIn !== true) {
      const { answer, failure } = askSql(context, settings, request(settings, state.password, state.database));
      if (failure !== undefined) context.err(`ERROR ${unreachable(settings, failure, context.host)}\n`);
      else if (answer?.error !== undefined) context.err(`ERROR ${answer.error.code}: ${answer.error.message}\n`);
      if (failure !== undefined || answer?.error !== undefined) return 1;
      state.isIn = true;
      if (context.tty && settings.statement === undefined) context.out(welcome(context, answer?.version ?? ''));
    }
    return settings.statement === undefined
      ? converse(context, session, state)
      : converse(context, session, { pending: '', prompted: false, line: 1 }, settings.statement);
  },
};

/** A password is asked for and read, not shown; undefined: it is there. */
function password(context: ProgramContext, state: State): Wait | undefined {
  if (!state.prompted) {
    context.err('Enter password: ');
    state.prompted = true;
  }
  const text = context.read();
  if (text === '') return { wait: 'stdin' };
  const [line = '', ...rest] = (text ?? '').split('\n');
  state.password = line;
  state.pending = rest.join('\n');
  state.asked = true;
  state.prompted = false;
  context.err('\n');
  return undefined;
}

const welcome = ({ name }: ProgramContext, version: string): string =>
  name === 'mariadb'
    ? `Welcome to the MariaDB monitor.  Commands end with ; or \\g.\nYour MariaDB connection id is 8\nServer version: ${version}-MariaDB-ubu2404 mariadb.org binary distribution\n\nCopyright (c) 2000, 2018, Oracle, MariaDB Corporation Ab and others.\n\nType 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.\n\n`
    : `Welcome to the MySQL monitor.  Commands end with ; or \\g.\nYour MySQL connection id is 8\nServer version: ${version} MySQL Community Server - GPL\n\nCopyright (c) 2000, 2025, Oracle and/or its affiliates.\n\nOracle is a registered trademark of Oracle Corporation and/or its\naffiliates. Other names may be trademarks of their respective\nowners.\n\nType 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.\n\n`;

class Session implements Client {
  readonly dialect = 'mysql';
  constructor(
    private readonly context: ProgramContext,
    private readonly settings: Settings,
    private readonly state: State,
  ) {}

  private get isTalking(): boolean {
    return this.context.tty && this.settings.statement === undefined;
  }

  prompt(isContinued: boolean): string {
    if (this.context.name === 'mariadb') return isContinued ? '    -> ' : `MariaDB [${this.state.database ?? '(none)'}]> `;
    return isContinued ? '    -> ' : 'mysql> ';
  }

  isCommand(line: string): boolean {
    return /^\s*(exit|quit|\\q|use\s+\S+|\\u\s+\S+|\\c)\s*;?\s*$/i.test(line) && !/;.*;/.test(line);
  }

  run(given: string, line: number): { readonly ends?: number } {
    const { context, settings, state } = this;
    const isVertical = settings.isVertical || given.endsWith('\\G');
    const statement = given
      .replace(/\\G$/, '')
      .replace(/;\s*$/, '')
      .replace(/^\\u\s/, 'use ');
    if (/^(exit|quit|\\q)$/i.test(statement)) {
      if (this.isTalking) context.out('Bye\n');
      return { ends: 0 };
    }
    if (statement === '\\c') return {};
    if (statement === '') {
      if (!this.isTalking) return {};
      context.err('ERROR: \nNo query specified\n\n');
      return {};
    }
    const { answer, failure } = askSql(context, settings, request(settings, state.password, state.database, statement));
    if (failure !== undefined) {
      context.err('ERROR 2013 (HY000): Lost connection to MySQL server during query\n');
      return { ends: 1 };
    }
    if (answer?.error !== undefined) {
      const { code, message } = answer.error;
      context.err(this.isTalking ? `ERROR ${code}: ${message}\n` : `ERROR ${code} at line ${line}: ${message}\n`);
      return this.isTalking || settings.goesOn ? {} : { ends: 1 };
    }
    const { result } = answer ?? {};
    if (result?.database !== undefined) state.database = result.database === '' ? undefined : result.database;
    if (result !== undefined) context.out(this.text(result, isVertical));
    return {};
  }

  private text(result: Result, isVertical: boolean): string {
    const { columns, rows, affected = 0, tag } = result;
    const { isTalking, settings } = this;
    if (columns === undefined || rows === undefined) {
      if (!isTalking) return '';
      if (tag === 'USE') return 'Database changed\n';
      const info =
        tag.startsWith('INSERT') && affected > 1
          ? `Records: ${affected}  Duplicates: 0  Warnings: 0\n`
          : tag.startsWith('UPDATE')
            ? `Rows matched: ${affected}  Changed: ${affected}  Warnings: 0\n`
            : '';
      return `Query OK, ${affected} row${affected === 1 ? '' : 's'} affected (0.01 sec)\n${info}\n`;
    }
    if (rows.length === 0) return isTalking ? 'Empty set (0.00 sec)\n\n' : '';
    const counted = isTalking ? `${rows.length} row${rows.length === 1 ? '' : 's'} in set (0.00 sec)\n\n` : '';
    const cells = rows.map((row) => row.map((cell) => cell ?? 'NULL'));
    if (isVertical) {
      const width = Math.max(...columns.map(({ name }) => name.length));
      const stars = '*'.repeat(27);
      return `${cells.map((row, i) => `${stars} ${i + 1}. row ${stars}\n${row.map((cell, j) => `${columns[j]?.name.padStart(width)}: ${cell}\n`).join('')}`).join('')}${counted}`;
    }
    if (!settings.isTable) {
      const escaped = (cell: string): string => cell.replace(/[\\\t\n]/g, (char) => ({ '\t': '\\t', '\n': '\\n' })[char] ?? '\\\\');
      return [...(settings.isBare ? [] : [columns.map(({ name }) => name)]), ...cells].map((row) => `${row.map(escaped).join('\t')}\n`).join('');
    }
    const widths = columns.map(({ name }, i) => Math.max(settings.isBare ? 0 : name.length, ...cells.map((row) => (row[i] as string).length)));
    const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
    const line = (row: readonly string[], isHead: boolean): string =>
      `|${row.map((cell, i) => ` ${!isHead && columns[i]?.isNumeric === true ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number)} |`).join('')}\n`;
    const head = settings.isBare
      ? ''
      : `${line(
          columns.map(({ name }) => name),
          true,
        )}${rule}`;
    return `${rule}${head}${cells.map((row) => line(row, false)).join('')}${rule}${counted}`;
  }
}

const mysqladmin: Program = {
  name: 'mysqladmin',
  aliases: ['mariadb-admin'],
  run(context) {
    if (isVersion(context)) {
      context.out(versionText(context));
      return 0;
    }
    const settings = settingsOf(context);
    const shown = settings.isLocal ? 'localhost' : settings.host;
    return later(context, () => {
      const { answer, failure, takes } = askSql(context, settings, request(settings, settings.password, undefined));
      const err =
        settings.isInsecure && context.name === 'mysqladmin' ? 'mysqladmin: [Warning] Using a password on the command line interface can be insecure.\n' : '';
      const head = `${err}mysqladmin: connect to server at '${shown}' failed\n`;
      if (failure !== undefined) {
        const text = settings.isLocal
          ? "error: 'Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)'\nCheck that mysqld is running and that the socket: '/var/run/mysqld/mysqld.sock' exists!\n"
          : `error: 'Can't connect to MySQL server on '${shown}:${settings.port}' (${failure === 'timeout' ? 110 : 111})'\nCheck that mysqld is running on ${shown} and that the port is ${settings.port}.\nYou can check this by doing 'telnet ${shown} ${settings.port}'\n`;
        return { code: 1, takes, err: `${head}${text}` };
      }
      // A server that refuses is alive: of `ping` alone no failure is made (mysqladmin.cc).
      if (answer?.error !== undefined)
        return { code: settings.words.every((word) => word === 'ping') ? 0 : 1, takes, err: `${head}error: '${answer.error.message}'\n` };
      const out = settings.words.includes('status')
        ? 'Uptime: 60  Threads: 2  Questions: 8  Slow queries: 0  Opens: 119  Flush tables: 3  Open tables: 38  Queries per second avg: 0.133\n'
        : 'mysqld is alive\n';
      const named = settings.words[1];
      if (/^(create|drop)$/.test(settings.words[0] ?? '') && named !== undefined) {
        const { answer: made } = askSql(context, settings, request(settings, settings.password, undefined, `${settings.words[0]} database ${named}`));
        return made?.error === undefined
          ? { code: 0, takes, err }
          : { code: 1, takes, err: `${err}mysqladmin: ${settings.words[0]?.toUpperCase()} DATABASE failed; error: '${made.error.message}'\n` };
      }
      return { code: 0, takes, err, out };
    });
  },
};

const mysqldump: Program = {
  name: 'mysqldump',
  aliases: ['mariadb-dump'],
  run(context) {
    const settings = settingsOf(context);
    const ask = (statement: string, database: string | undefined): SqlAnswer | undefined =>
      askSql(context, settings, request(settings, settings.password, database, statement)).answer;
    warn(context, settings);
    const { answer, failure } = askSql(context, settings, request(settings, settings.password, undefined));
    if (failure !== undefined || answer?.error !== undefined) {
      const text =
        failure === undefined
          ? `${/^\d+/.exec(answer?.error?.code ?? '')?.[0]}: ${answer?.error?.message}`
          : unreachable(settings, failure, context.host).replace(/ \(HY000\)/, '');
      context.err(`${context.name}: Got error: ${text} when trying to connect\n`);
      return 2;
    }
    const isAll = context.args.includes('--all-databases') || context.args.includes('-A');
    const isMany = isAll || context.args.includes('--databases') || context.args.includes('-B');
    const names = isAll
      ? (ask('show databases', undefined)?.result?.rows ?? []).flatMap(([name]) =>
          name === null || name === undefined || /_schema$|^sys$|^mysql$/.test(name) ? [] : [name],
        )
      : isMany
        ? settings.words
        : settings.words.slice(0, 1);
    const only = isMany ? [] : settings.words.slice(1);
    const quoted = (value: string | null, isNumeric: boolean): string =>
      value === null ? 'NULL' : isNumeric ? value : `'${value.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
    let out = `-- MySQL dump 10.13  Distrib ${answer?.version}, for Linux (x86_64)\n--\n-- Host: ${settings.isLocal ? 'localhost' : settings.host}    Database: ${isMany ? '' : (names[0] ?? '')}\n-- ------------------------------------------------------\n-- Server version\t${answer?.version}\n\n`;
    for (const database of names) {
      const tables = ask('show tables', database);
      if (tables?.error !== undefined) {
        context.out(out);
        context.err(`${context.name}: Got error: 1049: Unknown database '${database}' when selecting the database\n`);
        return 2;
      }
      if (isMany)
        out += `--\n-- Current Database: \`${database}\`\n--\n\nCREATE DATABASE /*!32312 IF NOT EXISTS*/ \`${database}\`;\n\nUSE \`${database}\`;\n\n`;
      for (const [table] of tables?.result?.rows ?? []) {
        if (only.length > 0 && !only.includes(table ?? '')) continue;
        const made = ask(`show create table \`${table}\``, database)?.result?.rows?.[0]?.[1];
        const { columns = [], rows = [] } = ask(`select * from \`${table}\``, database)?.result ?? {};
        const values = rows.map((row) => `(${row.map((cell, i) => quoted(cell, columns[i]?.isNumeric === true)).join(',')})`).join(',');
        out += `--\n-- Table structure for table \`${table}\`\n--\n\nDROP TABLE IF EXISTS \`${table}\`;\n${made};\n\n--\n-- Dumping data for table \`${table}\`\n--\n\nLOCK TABLES \`${table}\` WRITE;\n${values === '' ? '' : `INSERT INTO \`${table}\` VALUES ${values};\n`}UNLOCK TABLES;\n\n`;
      }
    }
    context.out(`${out}-- Dump completed on ${context.clock('%Y-%m-%d %k:%M:%S')}\n`);
    return 0;
  },
};

export const mysqlPrograms: readonly Program[] = [mysql, mysqladmin, mysqldump];
