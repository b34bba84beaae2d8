/** Picks the program (a kubectl verb or podsim's own command), opens the cluster, hands over, reports errors. */

/** The few things of a Node process that podsim reads. */
export type Host = Pick<NodeJS.Process, 'argv' | 'env' | 'stdin' | 'stdout' | 'stderr' | 'cwd'>;

/** Runs one command line; resolves to the exit code. */
export async function main(host: Host): Promise<number> {
  host.stderr.write('error: not yet\n');
  return 1;
}
