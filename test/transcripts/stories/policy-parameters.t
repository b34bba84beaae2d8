# A policy whose parameters are custom objects: its expressions are about a kind there is.

  $ cat > definition.yaml <<'END'
  > apiVersion: apiextensions.k8s.io/v1
  > kind: CustomResourceDefinition
  > metadata:
  >   name: replicalimits.rules.example.com
  > spec:
  >   group: rules.example.com
  >   scope: Namespaced
  >   names:
  >     plural: replicalimits
  >     kind: ReplicaLimit
  >   versions:
  >   - name: v1
  >     served: true
  >     storage: true
  >     schema:
  >       openAPIV3Schema:
  >         type: object
  >         properties:
  >           maxReplicas:
  >             type: integer
  > END
  $ cat > policy.yaml <<'END'
  > apiVersion: admissionregistration.k8s.io/v1
  > kind: ValidatingAdmissionPolicy
  > metadata:
  >   name: replicalimit-policy.example.com
  > spec:
  >   failurePolicy: Fail
  >   paramKind:
  >     apiVersion: rules.example.com/v1
  >     kind: ReplicaLimit
  >   matchConstraints:
  >     resourceRules:
  >     - apiGroups: ["apps"]
  >       apiVersions: ["v1"]
  >       operations: ["CREATE", "UPDATE"]
  >       resources: ["deployments"]
  >   validations:
  >   - expression: "object.spec.replicas <= params.maxReplicas"
  >     reason: Invalid
  > END
  $ kubectl apply -f policy.yaml
  validatingadmissionpolicy.admissionregistration.k8s.io/replicalimit-policy.example.com created
  $ tick 1s
  $ kubectl get validatingadmissionpolicy replicalimit-policy.example.com -o jsonpath='{.status.typeChecking.expressionWarnings[0].warning}'
  apps/v1, Kind=Deployment: ERROR: <input>:1:25: undeclared reference to 'params' (in container '')
   | object.spec.replicas <= params.maxReplicas
   | ........................^
  $ kubectl delete -f policy.yaml
  validatingadmissionpolicy.admissionregistration.k8s.io "replicalimit-policy.example.com" deleted
  $ kubectl apply -f definition.yaml
  customresourcedefinition.apiextensions.k8s.io/replicalimits.rules.example.com created
  $ tick 5s
  $ kubectl apply -f policy.yaml
  validatingadmissionpolicy.admissionregistration.k8s.io/replicalimit-policy.example.com created
  $ tick 1s
  $ kubectl get validatingadmissionpolicy replicalimit-policy.example.com -o jsonpath='{.status}{"\n"}'
  {"observedGeneration":1,"typeChecking":{}}
