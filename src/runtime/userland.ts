/** What images of one family share: directories, a few files, the programs. Enough to look around in; the shell's programs do the rest. */
import type { ImageData } from './image.js';
import type { FileNode, StoredSandboxConfig } from './state.js';

const DIRECTORIES: readonly string[] = [
  '/bin', '/dev', '/etc', '/home', '/lib', '/media', '/mnt', '/opt', '/proc', '/root', '/run', '/sbin', '/srv', '/sys', '/tmp', '/usr', '/usr/bin', '/usr/lib',
  '/usr/local', '/usr/local/bin', '/usr/sbin', '/usr/share', '/var', '/var/cache', '/var/lib', '/var/log', '/var/run', '/var/spool', '/var/tmp',
]; // biome-ignore format: one list
const BUSYBOX_DIRECTORIES: readonly string[] = [
  '/bin',
  '/dev',
  '/etc',
  '/home',
  '/lib',
  '/lib64',
  '/proc',
  '/root',
  '/sys',
  '/tmp',
  '/usr',
  '/usr/bin',
  '/usr/sbin',
  '/var',
  '/var/spool',
  '/var/www',
];
const DEVICES: readonly string[] = [
  '/dev/null',
  '/dev/zero',
  '/dev/full',
  '/dev/random',
  '/dev/urandom',
  '/dev/tty',
  '/dev/stdin',
  '/dev/stdout',
  '/dev/stderr',
];

const BASE_PROGRAMS =
  'sh cat chgrp chmod chown cp date dd df dirname basename du echo env expr false find free grep egrep head hostname id kill ln ls md5sum mkdir mkfifo mktemp mv nice nohup printenv printf ps pwd readlink realpath rm rmdir sed seq sha256sum sleep sort stat sync tail tee test [ timeout touch tr true uname uniq wc which whoami xargs yes cut awk tar gzip gunzip base64 mount umount';
const PROGRAMS: Readonly<Record<NonNullable<ImageData['os']>, string>> = {
  none: '',
  busybox: `${BASE_PROGRAMS} ash busybox vi wget nc nslookup ping top telnet traceroute killall pidof httpd less more watch ip ifconfig netstat route adduser passwd login shuf usleep clear`,
  alpine: `${BASE_PROGRAMS} ash busybox vi wget nc nslookup ping top traceroute killall pidof less more watch ip ifconfig netstat route adduser apk shuf usleep clear`,
  debian: `${BASE_PROGRAMS} bash dash apt apt-get dpkg shuf nproc sha1sum cksum comm join paste fold split tac nl od truncate getent su`,
  ubuntu: `${BASE_PROGRAMS} bash dash apt apt-get dpkg shuf nproc sha1sum cksum comm join paste fold split tac nl od truncate getent su`,
  redhat: `${BASE_PROGRAMS} bash yum dnf rpm microdnf shuf nproc sha1sum cksum getent su`,
};

/** Whether the image has a program of that name. */
export function hasProgram(image: ImageData | undefined, name: string): boolean {
  if (image === undefined || image.programs === '*') return true;
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (image.programs?.includes(base) === true) return true;
  if (mainsOf(image).includes(base)) return true;
  return ` ${PROGRAMS[image.os ?? 'debian']} `.includes(` ${base} `);
}

/** Base names of the programs that are the image's own server or job. */
export function mainsOf(image: ImageData): readonly string[] {
  if (image.mains !== undefined) return image.mains;
  const words = [image.entrypoint?.[0], image.cmd?.[0]].filter((word) => word !== undefined);
  return words.map((word) => word.slice(word.lastIndexOf('/') + 1)).filter((word) => !SHELLS.has(word));
}
/** What stands for the entrypoint of an image nobody describes. */
export const ENTRYPOINT = '/entrypoint';

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'tini', 'dumb-init', 'env', 'catatonit']);

const OS_RELEASE: Readonly<Record<NonNullable<ImageData['os']>, string>> = {
  none: '',
  busybox: '',
  alpine: 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.21.3\nPRETTY_NAME="Alpine Linux v3.21"\nHOME_URL="https://alpinelinux.org/"\n',
  debian:
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n',
  ubuntu:
    'PRETTY_NAME="Ubuntu 24.04.2 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION="24.04.2 LTS (Noble Numbat)"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n',
  redhat:
    'NAME="Rocky Linux"\nVERSION="9.5 (Blue Onyx)"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.5"\nPRETTY_NAME="Rocky Linux 9.5 (Blue Onyx)"\n',
};

/** The read-only part of a container's file system: image files, then the family's, then what the runtime writes for the pod. */
export function baseFile(image: ImageData | undefined, sandbox: StoredSandboxConfig, ip: string, path: string): FileNode | undefined {
  const own = image?.files?.[path];
  if (own !== undefined) return { data: own, mode: /(^|\/)s?bin\/|entrypoint/.test(path) ? 0o755 : 0o644 };
  const os = image?.os ?? 'debian';
  switch (path) {
    case '/':
      return { type: 'd', mode: 0o755 };
    case '/etc/hostname':
      return { data: `${sandbox.hostname}\n` };
    case '/etc/hosts':
      return { data: hostsFile(sandbox, ip) };
    case '/etc/resolv.conf':
      return { data: resolvConf(sandbox) };
    case '/etc/passwd':
      return os === 'none' && image?.user === undefined ? { data: 'root:x:0:0:root:/root:/sbin/nologin\n' } : { data: passwd(image) };
    case '/etc/group':
      return {
        data: `root:x:0:\n${image?.user !== undefined && image.gid !== undefined && /\D/.test(image.user) ? `${image.user}:x:${image.gid}:\n` : ''}nogroup:x:65534:\n`,
      };
    case '/etc/os-release':
      return OS_RELEASE[os] === '' ? undefined : { data: OS_RELEASE[os] };
  }
  if (DEVICES.includes(path)) return { type: 'c', mode: 0o666 };
  if (isDirectory(image, path)) return { type: 'd', mode: path === '/tmp' || path === '/var/tmp' ? 0o1777 : path === '/root' ? 0o700 : 0o755 };
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (
    /^(\/usr(\/local)?)?\/s?bin\/[^/]+$/.test(path) &&
    image !== undefined &&
    image.programs !== '*' &&
    hasProgram(image, name) &&
    programDirectory(image, name) === path.slice(0, path.lastIndexOf('/'))
  )
    return { data: '', mode: 0o755 };
  return undefined;
}

/** Every path of the read-only part, for listing directories. */
export function* basePaths(image: ImageData | undefined): Iterable<string> {
  const os = image?.os ?? 'debian';
  if (os !== 'none') yield* os === 'busybox' ? BUSYBOX_DIRECTORIES : DIRECTORIES;
  else yield* ['/dev', '/etc', '/proc', '/sys'];
  yield* DEVICES;
  yield* ['/etc/hostname', '/etc/hosts', '/etc/resolv.conf', '/etc/passwd', '/etc/group'];
  if (OS_RELEASE[os] !== '') yield '/etc/os-release';
  yield* Object.keys(image?.files ?? {});
  if (image?.workingDir !== undefined) yield image.workingDir;
  if (image === undefined || image.programs === '*') return;
  for (const name of [...PROGRAMS[os].split(' '), ...(image.programs ?? []), ...mainsOf(image)])
    if (name !== '') yield `${programDirectory(image, name)}/${name}`;
}

const programDirectory = (image: ImageData, name: string): string =>
  ` ${PROGRAMS[image.os ?? 'debian']} `.includes(` ${name} `)
    ? image.os === 'debian' || image.os === 'ubuntu' || image.os === 'redhat'
      ? '/usr/bin'
      : '/bin'
    : '/usr/local/bin';

function isDirectory(image: ImageData | undefined, path: string): boolean {
  const os = image?.os ?? 'debian';
  if (
    os === 'none'
      ? ['/dev', '/etc', '/proc', '/sys', '/tmp', '/var', '/var/run', '/run', '/home', '/usr', '/usr/local', '/usr/local/bin', '/bin'].includes(path)
      : os === 'busybox'
        ? BUSYBOX_DIRECTORIES.includes(path)
        : DIRECTORIES.includes(path)
  )
    return true;
  if (image?.workingDir !== undefined && (image.workingDir === path || image.workingDir.startsWith(`${path}/`))) return true;
  for (const file of Object.keys(image?.files ?? {})) if (file.startsWith(`${path}/`)) return true;
  return path === '/dev/shm' || path === '/dev/pts';
}

function passwd(image: ImageData | undefined): string {
  const user = image?.user;
  const shell = image?.os === 'debian' || image?.os === 'ubuntu' || image?.os === 'redhat' ? '/bin/bash' : '/bin/sh';
  const own =
    user !== undefined && /^[a-z]/.test(user) ? `${user}:x:${image?.uid ?? 1000}:${image?.gid ?? image?.uid ?? 1000}:${user}:/home/${user}:${shell}\n` : '';
  return `root:x:0:0:root:/root:${shell}\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n${own}`;
}

/** kubelet_pods.go managedHostsFileContent. */
function hostsFile(sandbox: StoredSandboxConfig, ip: string): string {
  const head =
    '# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n';
  const own = ip === '' ? '' : `${ip}\t${sandbox.hostname}\n`;
  const aliases = (sandbox.hostAliases ?? []).map((alias) => `${alias.ip}\t${alias.hostnames.join('\t')}\n`).join('');
  return `${head}${own}${aliases === '' ? '' : `\n# Entries added by HostAliases.\n${aliases}`}`;
}

function resolvConf({ dns = { servers: [], searches: [], options: [] } }: StoredSandboxConfig): string {
  const search = dns.searches.length === 0 ? '' : `search ${dns.searches.join(' ')}\n`;
  const options = dns.options.length === 0 ? '' : `options ${dns.options.join(' ')}\n`;
  return `${search}${dns.servers.map((server) => `nameserver ${server}\n`).join('')}${options}`;
}
