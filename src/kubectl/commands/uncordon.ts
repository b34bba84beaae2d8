/** kubectl uncordon (pkg/cmd/drain/drain.go). */
import { cordonCommand } from '../cordoning.js';

export default cordonCommand(
  'uncordon',
  'Mark a node as schedulable',
  'Mark a node as schedulable again.',
  '# Pods may come to "foo" again\nkubectl uncordon foo',
);
