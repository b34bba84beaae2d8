/** The programs that containers have, by name. One line an entry; busybox applets and GNU tools share a file. */
import type { Program } from '../program.js';
import { testImagePrograms } from './agnhost.js';
import { awk } from './awk/index.js';
import { bc } from './bc.js';
import { busybox } from './busybox.js';
import { cat } from './cat.js';
import { clientPrograms } from './clients.js';
import { columnPrograms } from './columns.js';
import { crictl } from './crictl/index.js';
import { curl } from './curl.js';
import { dataPrograms } from './data.js';
import { date } from './date.js';
import { echo, printf } from './echo.js';
import { etcdPrograms } from './etcdctl.js';
import { filePrograms } from './files.js';
import { find } from './find/index.js';
import { fortune } from './fortune.js';
import { getopt } from './getopt.js';
import { grep } from './grep.js';
import { gzip } from './gzip.js';
import { head } from './head.js';
import { join } from './join.js';
import { jq } from './jq/index.js';
import { kubeadmPrograms } from './kubeadm.js';
import { kubectl } from './kubectl.js';
import { ls, stat } from './ls.js';
import { namePrograms } from './names.js';
import { nodePrograms } from './node.js';
import { numberPrograms } from './numbers.js';
import { packagePrograms } from './packages.js';
import { runPrograms } from './run.js';
import { scriptPrograms } from './scripts/index.js';
import { sed } from './sed.js';
import { simple } from './simple.js';
import { sleep } from './sleep.js';
import { smallPrograms } from './small.js';
import { socketPrograms } from './sockets.js';
import { sort } from './sort.js';
import { sumPrograms } from './sums.js';
import { systemPrograms } from './system.js';
import { systemdPrograms } from './systemd.js';
import { tail } from './tail.js';
import { tar } from './tar.js';
import { test } from './test.js';
import { textPrograms } from './text.js';
import { versionPrograms } from './versions.js';
import { wget } from './wget.js';
import { backupPrograms } from './xtrabackup.js';

const list: readonly Program[] = [
  awk,
  bc,
  busybox,
  cat,
  crictl,
  curl,
  date,
  echo,
  find,
  fortune,
  getopt,
  grep,
  gzip,
  head,
  join,
  jq,
  kubectl,
  ls,
  printf,
  sed,
  sleep,
  sort,
  stat,
  tail,
  tar,
  test,
  wget,
  ...backupPrograms,
  ...clientPrograms,
  ...columnPrograms,
  ...dataPrograms,
  ...etcdPrograms,
  ...filePrograms,
  ...kubeadmPrograms,
  ...namePrograms,
  ...nodePrograms,
  ...numberPrograms,
  ...packagePrograms,
  ...runPrograms,
  ...scriptPrograms,
  ...simple,
  ...smallPrograms,
  ...socketPrograms,
  ...sumPrograms,
  ...systemPrograms,
  ...systemdPrograms,
  ...testImagePrograms,
  ...textPrograms,
  ...versionPrograms,
];

export const programs: ReadonlyMap<string, Program> = new Map(
  list.flatMap((program) => [program.name, ...(program.aliases ?? [])].map((name) => [name, program] as const)),
);
