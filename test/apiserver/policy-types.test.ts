/** What the status of a policy says of expressions that do not go with the kinds it is for. */
import { test } from 'vitest';
import { session } from '../harness/terminal.js';

const policy = (name: string, resources: string, ...expressions: readonly string[]) => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: ${name}}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [${resources}]}]}
  variables: [{name: containers, expression: object.spec.template.spec.containers}]
  validations: ${JSON.stringify(expressions.map((expression) => ({ expression })))}
`;

test('a policy is told which of its expressions look wrong, for which kind', () =>
  session(
    `
  $ kubectl create -f right.yaml
  validatingadmissionpolicy.admissionregistration.k8s.io/right created
  $ kubectl get validatingadmissionpolicy right -o jsonpath={.status}
  {"observedGeneration":1,"typeChecking":{}}
  $ kubectl create -f wrong.yaml
  validatingadmissionpolicy.admissionregistration.k8s.io/wrong created
  $ kubectl get validatingadmissionpolicy wrong -o jsonpath={.status.typeChecking.expressionWarnings[*].fieldRef}
  spec.validations[1].expression spec.validations[2].expression
  $ kubectl get validatingadmissionpolicy wrong -o jsonpath={.status.typeChecking.expressionWarnings[0].warning}
  apps/v1, Kind=DaemonSet: ERROR: <input>:1:12: undefined field 'replicas'
   | object.spec.replicas > 1
   | ...........^
  $ kubectl get validatingadmissionpolicy wrong -o jsonpath={.status.typeChecking.expressionWarnings[1].warning}
  apps/v1, Kind=DaemonSet: ERROR: <input>:1:46: undefined field 'nam'
   | variables.containers.all(c, c.name != '' && c.nam != '')
   | .............................................^

  apps/v1, Kind=Deployment: ERROR: <input>:1:46: undefined field 'nam'
   | variables.containers.all(c, c.name != '' && c.nam != '')
   | .............................................^
  $ kubectl patch validatingadmissionpolicy wrong --type=json -p '[{"op":"replace","path":"/spec/validations","value":[{"expression":"true"}]}]'
  validatingadmissionpolicy.admissionregistration.k8s.io/wrong patched
  $ kubectl get validatingadmissionpolicy wrong -o jsonpath={.status}
  {"observedGeneration":2,"typeChecking":{}}
  `,
    {
      files: {
        'right.yaml': policy(
          'right',
          'deployments',
          "object.spec.replicas <= 5 && object.metadata.labels['app'] != 'x' && object.metadata.namespace != ''",
          "variables.containers.all(c, !has(c.resources.limits) || 'cpu' in c.resources.limits)",
          'object.spec.strategy.rollingUpdate.maxSurge == 1 && (oldObject == null || oldObject.metadata.generation < object.metadata.generation)',
        ),
        'wrong.yaml': policy(
          'wrong',
          'deployments, daemonsets',
          'true',
          'object.spec.replicas > 1',
          "variables.containers.all(c, c.name != '' && c.nam != '')",
        ),
      },
    },
  ));
