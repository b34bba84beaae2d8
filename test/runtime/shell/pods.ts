/** Pods in a whole cluster, and what their containers say: for stories about files, network and processes. */
import type { KubeObject } from '../../../src/api/object.js';
import type { Frame } from '../../../src/apiserver/long-running.js';
import type { Pod } from '../../../src/resources/pods/types.js';
import { cluster, type TestCluster, type TestOptions } from '../../harness/cluster.js';

export interface Pods extends TestCluster {
  /** One container (or those given) with `command`; the rest of the spec as given. */
  run(name: string, image: string, command?: readonly string[], spec?: Readonly<Record<string, unknown>>): void;
  /** Runs it to its end (at most 10 minutes): both streams and the exit code if it is not 0. */
  exec(pod: string, argv: readonly string[] | string, container?: string): string;
  logs(pod: string, container?: string): string;
}

export function pods(options: TestOptions = {}): Pods {
  const c = cluster(options);
  const first = (pod: string): string => c.get<Pod>('pods', pod).spec.containers[0]?.name ?? '';
  return Object.assign(Object.create(c) as TestCluster, {
    run(name: string, image: string, command?: readonly string[], spec: Readonly<Record<string, unknown>> = {}) {
      const { labels, container, ...rest } = spec as { labels?: Record<string, string>; container?: object };
      c.create({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, labels: labels ?? { run: name } },
        spec: { containers: [{ name, image, ...(command === undefined ? {} : { command }), ...container }], ...rest },
      } as unknown as KubeObject);
    },
    exec(pod: string, argv: readonly string[] | string, container?: string) {
      const words = typeof argv === 'string' ? ['sh', '-c', argv] : argv;
      const query = [...words.map((word) => `command=${encodeURIComponent(word)}`), `container=${container ?? first(pod)}`, 'stdout=true', 'stderr=true'].join(
        '&',
      );
      const answer = c.request('POST', `/api/v1/namespaces/default/pods/${pod}/exec?${query}`);
      let cursor = answer.longRunning?.cursor;
      if (cursor === undefined) return JSON.stringify(answer.body);
      let output = '';
      for (let i = 0; i < 6000; i += 1) {
        const poll = c.cluster.server.poll(cursor);
        for (const { channel, data } of poll.chunks as readonly Frame[]) {
          const text = Buffer.from(data).toString('latin1');
          if (channel < 3) output += text;
          else {
            const code = /"ExitCode","message":"(\d+)"/.exec(text)?.[1];
            if (code !== undefined) output += `[${code}]`;
            else if (!text.includes('"Success"')) output += text;
          }
        }
        if (poll.cursor === undefined) return output;
        cursor = poll.cursor;
        c.advance('100ms');
      }
      throw new Error(`${String(argv)} does not end: ${output}`);
    },
    logs(pod: string, container?: string) {
      return String(c.request('GET', `/api/v1/namespaces/default/pods/${pod}/log?container=${container ?? first(pod)}`).body);
    },
  }) as Pods;
}
