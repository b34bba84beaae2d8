/** The read-only part of a container's file system: the image's files over its family's, and what the kubelet writes for the pod. */
import { group, passwd } from './accounts.js';
import type { ImageData } from './image.js';
import { parentOf } from './paths.js';
import type { FileNode, StoredSandboxConfig } from './state.js';
import { baseOf, familyPrograms, INSTALLED, isGnu, isPackaged, mainsOf, type Os, osOf } from './userland.js';

/** When the images were built: what `ls -l` shows. */
const BUILT = Date.UTC(2025, 3, 16, 14, 50, 31);

const DIRECTORIES =
  '/dev /etc /home /lib /media /mnt /opt /proc /root /run /srv /sys /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin /usr/sbin /usr/share /var /var/cache /var/lib /var/log /var/spool /var/tmp';
const SMALL = '/bin /dev /etc /home /lib /lib64 /proc /root /sys /tmp /usr /usr/bin /usr/sbin /var /var/spool /var/www';
const BARE = '/dev /etc /proc /sys /tmp /var /run /home /usr /usr/local /usr/local/bin';
const DEVICES = 'null zero full random urandom tty stdin stdout stderr';
/** In Debian's and Red Hat's families these are links into /usr. */
const MERGED = ['bin', 'sbin', 'lib'];

export const OS_RELEASE: Readonly<Record<Os, string>> = {
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

/** Everything an image brings, by path. */
export function imageTree(image: ImageData | undefined): ReadonlyMap<string, FileNode> {
  const os = osOf(image);
  const tree = new Map<string, FileNode>();
  const directory = (path: string): void => {
    if (path === '/' || tree.has(path)) return;
    directory(parentOf(path));
    tree.set(path, { type: 'd', mode: path === '/tmp' || path === '/var/tmp' ? 0o1777 : path === '/root' ? 0o700 : 0o755, mtime: BUILT });
  };
  const file = (path: string, data: string, mode: number): void => {
    directory(parentOf(path));
    tree.set(path, { data, mode, mtime: BUILT });
  };

  for (const path of (os === 'none' ? BARE : os === 'busybox' ? SMALL : DIRECTORIES).split(' ')) directory(path);
  if (isGnu(os)) {
    tree.delete('/lib');
    for (const name of MERGED) tree.set(`/${name}`, { type: 'l', data: `usr/${name}`, mtime: BUILT });
    tree.set('/var/run', { type: 'l', data: '/run', mtime: BUILT });
  } else if (os !== 'none') for (const path of ['/bin', '/sbin', '/var/run']) directory(path);
  for (const name of DEVICES.split(' ')) tree.set(`/dev/${name}`, { type: 'c', mode: 0o666 });
  for (const path of ['/dev/pts', '/dev/shm', '/dev/mqueue']) directory(path);

  if (image !== undefined && image.programs !== '*') {
    const home = isGnu(os) ? '/usr/bin' : '/bin';
    for (const name of familyPrograms(os)) file(`${home}/${name}`, '', 0o755);
    const programs = image.programs ?? [];
    const said = [...programs, image.entrypoint?.[0], image.cmd?.[0]].filter((word) => word?.startsWith('/') === true);
    for (const word of [...programs, ...mainsOf(image)]) {
      const name = baseOf(word);
      if (!familyPrograms(os).has(name))
        file(said.find((path) => path?.endsWith(`/${name}`)) ?? `${isPackaged(name) ? INSTALLED : '/usr/local/bin'}/${name}`, '', 0o755);
    }
  }
  if (OS_RELEASE[os] !== '') file('/etc/os-release', OS_RELEASE[os], 0o644);
  file('/etc/passwd', passwd(image, os), 0o644);
  file('/etc/group', group(image, os), 0o644);
  if (image?.workingDir !== undefined) directory(image.workingDir);
  for (const [path, data] of Object.entries(image?.files ?? {})) file(path, data, data.startsWith('#!') ? 0o755 : 0o644);
  for (const [path, target] of Object.entries(image?.links ?? {})) {
    directory(parentOf(path));
    tree.set(path, { type: 'l', data: target, mtime: BUILT });
  }
  for (const [path, uid] of Object.entries(image?.owned ?? {}))
    for (const [at, node] of tree) if (at === path || at.startsWith(`${path}/`)) tree.set(at, { ...node, uid, gid: uid });
  return tree;
}

/** Files the kubelet mounts into every container. */
export const POD_FILES: readonly string[] = ['/etc/hostname', '/etc/hosts', '/etc/resolv.conf'];
export function podFile(sandbox: StoredSandboxConfig, ip: string, path: string): FileNode | undefined {
  if (path === '/etc/hostname') return { data: `${sandbox.hostname}\n` };
  if (path === '/etc/hosts') return { data: hostsFile(sandbox, ip) };
  return path === '/etc/resolv.conf' ? { data: resolvConf(sandbox) } : undefined;
}

/** kubelet_pods.go managedHostsFileContent. */
function hostsFile(sandbox: StoredSandboxConfig, ip: string): string {
  if (sandbox.hostNetwork === true) return nodeHostsFile(sandbox, ip);
  const head =
    '# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n';
  const full = fullName(sandbox);
  const own = ip === '' ? '' : `${ip}\t${full === undefined ? '' : `${full}\t`}${shortName(sandbox)}\n`;
  return `${head}${own}${aliasLines(sandbox)}`;
}

/** A node's own, as docker makes it. */
export const hostsOfNode = (ip: string, hostname: string): string =>
  `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n${ip}\t${hostname}\n`;

/** nodeHostsFileContent: what the node has, and the pod's aliases. */
const nodeHostsFile = (sandbox: StoredSandboxConfig, ip: string): string =>
  `# Kubernetes-managed hosts file (host network).\n${hostsOfNode(ip, sandbox.hostname)}${aliasLines(sandbox)}`;

function aliasLines({ hostAliases = [] }: StoredSandboxConfig): string {
  const lines = hostAliases.map((alias) => `${alias.ip}\t${alias.hostnames.join('\t')}\n`).join('');
  return lines === '' ? '' : `\n# Entries added by HostAliases.\n${lines}`;
}

/** The host name may be the full one already (setHostnameAsFQDN). */
const shortName = ({ hostname, domain }: StoredSandboxConfig): string =>
  domain !== undefined && hostname.endsWith(`.${domain}`) ? hostname.slice(0, -domain.length - 1) : hostname;
/** Of a pod with a subdomain. */
export const fullName = (sandbox: StoredSandboxConfig): string | undefined =>
  sandbox.domain === undefined ? undefined : `${shortName(sandbox)}.${sandbox.domain}`;

function resolvConf({ dns = { servers: [], searches: [], options: [] } }: StoredSandboxConfig): string {
  const search = dns.searches.length === 0 ? '' : `search ${dns.searches.join(' ')}\n`;
  const options = dns.options.length === 0 ? '' : `options ${dns.options.join(' ')}\n`;
  return `${search}${dns.servers.map((server) => `nameserver ${server}\n`).join('')}${options}`;
}
