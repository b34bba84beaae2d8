# The API server tells who makes service accounts' tokens and how to verify them; a pod does so with its own.

  $ kubectl get --raw /.well-known/openid-configuration | jq -c '[.issuer, .response_types_supported, .id_token_signing_alg_values_supported]'
  ["https://kubernetes.default.svc.cluster.local",["id_token"],["RS256"]]
  $ kubectl get --raw /openid/v1/jwks | jq -c '.keys[] | [.use, .kty, .kid, .alg, .e]'
  ["sig","RSA","1mjdRHKPzzwcgK3xUPDg3MOCXBLWJ9AvFtSZGlHQuKE","RS256","AQAB"]
  $ kubectl get --raw / | jq -c '[.paths[] | select(test("openid"))]'
  ["/.well-known/openid-configuration","/openid/v1/jwks"]
  $ cat > pod.yaml <<'END'
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: validator
  > spec:
  >   restartPolicy: Never
  >   containers:
  >   - name: validator
  >     image: registry.k8s.io/e2e-test-images/agnhost:2.53
  >     args: [test-service-account-issuer-discovery, --token-path, /var/run/secrets/tokens/sa-token, --audience, oidc-discovery-test]
  >     volumeMounts:
  >     - {name: sa-token, mountPath: /var/run/secrets/tokens, readOnly: true}
  >   volumes:
  >   - name: sa-token
  >     projected:
  >       sources:
  >       - serviceAccountToken: {path: sa-token, expirationSeconds: 600, audience: oidc-discovery-test}
  > END
  $ kubectl apply -f pod.yaml
  pod/validator created
  $ kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/validator --timeout=60s
  pod/validator condition met
  $ kubectl logs validator | grep -o 'OK: .*'
  OK: Got token
  OK: got issuer https://kubernetes.default.svc.cluster.local
  OK: Constructed OIDC provider for issuer https://kubernetes.default.svc.cluster.local
  OK: Validated signature on JWT
  OK: Got valid claims from token!

A token that somebody has changed is nobody's.

  $ cat > review.sh <<'END'
  > printf '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"%s"}}' "$1" | kubectl create -f - -o jsonpath='{.status.user.username}{.status.error}{"\n"}'
  > END
  $ token=$(kubectl create token default); . ./review.sh "$token"
  system:serviceaccount:default:default
  $ token=$(kubectl create token default); . ./review.sh "${token%????}AAAA"
  [invalid bearer token, go-jose/go-jose: error in cryptographic primitive]
