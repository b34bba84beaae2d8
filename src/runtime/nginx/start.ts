/** nginx's start in its official image: the entrypoint's scripts, the configuration, and why it gives up (docker-nginx, 10-listen-on-ipv6-by-default.sh). */
import { FileError, type ProcessHost, type ProcessSpec } from '../process.js';
import { ConfigError, checkConfig, type Directive, loadConfig, reasonOf } from './config.js';

/** JSON: what a server goes by when it is not the image's own configuration. */
export interface NginxState {
  /** Absent: the image's own. */
  readonly config?: readonly Directive[];
  /** What the script that makes it listen on IPv6 found; absent: a file it could change. */
  readonly listen?: 'missing' | 'read-only' | 'differs';
  /** It ends with this. */
  readonly emerg?: string;
  /** How often it has been told to read its configuration again, and when last: new workers each time. */
  readonly reloaded?: { readonly times: number; readonly at: number };
  /** It is no master of root's. */
  readonly isUser?: true;
}

const MAIN = '/etc/nginx/nginx.conf';
const DEFAULT = '/etc/nginx/conf.d/default.conf';
const TEMPLATES = '/etc/nginx/templates';

/** The configuration as nginx reads and checks it; a text: what it finds wrong. */
export function readConfig({ files, network }: ProcessHost, file = MAIN): readonly Directive[] | string {
  try {
    const config = loadConfig(files, file);
    checkConfig(config, network, files);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
}

/** Undefined: it starts as the image would have it. */
export function startNginx(host: ProcessHost, spec: ProcessSpec): NginxState | undefined {
  const { uid, argv } = spec;
  if (!host.hasVolumes && uid === 0 && host.isRestricted !== true && !argv.includes('-c')) return undefined;
  const { files } = host;
  substitute(host, spec.env);
  const file = argv.includes('-c') ? (argv[argv.indexOf('-c') + 1] ?? MAIN) : MAIN;
  const directory = '/etc/nginx/conf.d';
  const isOwn =
    file !== MAIN || [MAIN, directory].some((path) => files.isOwn(path)) || files.list(directory).some((name) => files.isOwn(`${directory}/${name}`));
  const isUnusual = uid !== 0 || host.isRestricted === true;
  const listen = isOwn || isUnusual ? listenOf(host) : undefined;
  const state = { ...(listen === undefined ? {} : { listen }), ...(uid === 0 ? {} : { isUser: true as const }) };
  const config = isOwn ? readConfig(host, file) : undefined;
  if (typeof config === 'string') return { ...state, emerg: config };
  const emerg = isUnusual ? refusal(host, uid) : undefined;
  return { ...state, ...(config === undefined ? {} : { config }), ...(emerg === undefined ? {} : { emerg }) };
}

/** 20-envsubst-on-templates.sh */
function substitute({ files }: ProcessHost, env: Readonly<Record<string, string>>): void {
  if (files.stat(TEMPLATES)?.type !== 'directory') return;
  for (const name of files.list(TEMPLATES).filter((one) => one.endsWith('.template'))) {
    try {
      const text = files
        .read(`${TEMPLATES}/${name}`)
        .replace(/\$\{(\w+)\}|\$(\w+)/g, (whole, braced: string | undefined, plain: string | undefined) => env[braced ?? plain ?? ''] ?? whole);
      files.write(`/etc/nginx/conf.d/${name.replace(/\.template$/, '')}`, text);
    } catch (error) {
      // "ERROR: /etc/nginx/templates exists, but /etc/nginx/conf.d is not writable", and it goes on.
      if (!(error instanceof FileError)) throw error;
    }
  }
}

function listenOf({ files }: ProcessHost): NginxState['listen'] {
  if (files.stat(DEFAULT)?.type !== 'file') return 'missing';
  try {
    // What touch(1) does; before it is the container's own by that.
    const isOwn = files.isOwn(DEFAULT);
    files.write(DEFAULT, files.read(DEFAULT));
    return isOwn ? 'differs' : undefined;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return 'read-only';
  }
}

/** What an unusual user, a read-only root or dropped capabilities keep it from. */
function refusal(host: ProcessHost, uid: number): string | undefined {
  const { files, system } = host;
  const cache = files.stat('/var/cache/nginx') === undefined ? '/var/cache' : '/var/cache/nginx';
  try {
    if (files.stat(`${cache}/client_temp`) === undefined) files.makeDirectory(`${cache}/client_temp`, 0o700);
  } catch (error) {
    return `mkdir() "/var/cache/nginx/client_temp" failed (${reasonOf(error)})`;
  }
  const { capabilities = ['ALL'] } = system ?? {};
  if (uid === 0 && !capabilities.includes('ALL') && !capabilities.includes('CHOWN'))
    return 'chown("/var/cache/nginx/client_temp", 101) failed (1: Operation not permitted)';
  try {
    files.write('/run/nginx.pid', '1\n');
  } catch (error) {
    return `open() "/run/nginx.pid" failed (${reasonOf(error)})`;
  }
  return undefined;
}

/** What the scripts say instead of having changed the file. */
export const listenLine = (listen: NonNullable<NginxState['listen']>): string =>
  `10-listen-on-ipv6-by-default.sh: info: ${
    listen === 'missing'
      ? `${DEFAULT} is not a file or does not exist`
      : listen === 'read-only'
        ? `can not modify ${DEFAULT} (read-only file system?)`
        : `${DEFAULT} differs from the packaged version`
  }`;
