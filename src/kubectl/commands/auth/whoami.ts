/** kubectl auth whoami (pkg/cmd/auth/whoami.go). */
import { StatusError } from '../../../api/errors.js';
import type { KubeObject } from '../../../api/object.js';
import { alignTabs, TABLE_TABS } from '../../../text/tabwriter.js';
import { type Command, type FlagValues, UsageError } from '../../command.js';
import { objectPrinter, outputOf } from '../../printing.js';
import * as shared from '../../shared-flags.js';

interface Review extends KubeObject {
  readonly status?: {
    readonly userInfo?: {
      readonly username?: string;
      readonly uid?: string;
      readonly groups?: readonly string[];
      readonly extra?: Readonly<Record<string, readonly string[]>>;
    };
  };
}

const command: Command<FlagValues> = {
  use: 'whoami',
  short: 'Ask the server who you are',
  long: 'Ask the server who it takes you for: name, groups and other attributes.',
  examples: `# In a table
kubectl auth whoami

# In JSON
kubectl auth whoami -o json`,
  flags: shared.PRINT,
  complete: async (_, flags) => flags,
  async run(flags, factory) {
    const print = outputOf(flags) === '' ? undefined : await objectPrinter(factory, flags, '', 'none', true);
    const body = { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1', metadata: { creationTimestamp: null } } as KubeObject;
    let review: Review;
    try {
      review = await factory.client.create<Review>(
        { resource: { group: 'authentication.k8s.io', version: 'v1', resource: 'selfsubjectreviews', namespaced: false } },
        body,
      );
    } catch (error) {
      if (error instanceof StatusError && error.reason === 'Forbidden')
        throw new UsageError('the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it');
      if (!(error instanceof StatusError && error.reason === 'NotFound')) throw error;
      throw new UsageError(
        'the selfsubjectreviews API is not enabled in the cluster\nenable APISelfSubjectReview feature gate and authentication.k8s.io/v1alpha1 or authentication.k8s.io/v1beta1 API',
      );
    }
    const { username = '', uid = '', groups = [], extra = {} } = review.status?.userInfo ?? {};
    if (print !== undefined) return print(inOrder(review));
    const lines = [
      'ATTRIBUTE\tVALUE',
      `Username\t${username}`,
      ...(uid === '' ? [] : [`UID\t${uid}`]),
      ...(groups.length === 0 ? [] : [`Groups\t[${groups.join(' ')}]`]),
      ...Object.keys(extra)
        .sort()
        .map((key) => `Extra: ${key}\t[${(extra[key] ?? []).join(' ')}]`),
    ];
    factory.streams.out(alignTabs(`${lines.join('\n')}\n`, TABLE_TABS));
  },
};
export default command;

/** Members in the order of Go's type, as `-o json` prints typed objects. */
function inOrder({ metadata, status }: Review): KubeObject {
  const { username, uid, groups, extra } = status?.userInfo ?? {};
  const userInfo = Object.fromEntries(Object.entries({ username, uid, groups, extra }).filter(([, value]) => value !== undefined));
  return {
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { creationTimestamp: metadata.creationTimestamp ?? null },
    status: { userInfo },
  } as unknown as KubeObject;
}
