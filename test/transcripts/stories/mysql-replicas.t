# MySQL as a StatefulSet: each server has a number of its own from an option file, the replicas begin with a copy of their neighbour's data
# and follow the first one, and they take no writes.

  $ kubectl apply -f - <<'END'
  > apiVersion: v1
  > kind: ConfigMap
  > metadata: {name: db}
  > data:
  >   first.cnf: |
  >     [mysqld]
  >     log-bin
  >     max_connections = 500
  >   other.cnf: |
  >     [mysqld]
  >     super-read-only
  > ---
  > apiVersion: v1
  > kind: Service
  > metadata: {name: db}
  > spec:
  >   clusterIP: None
  >   selector: {app: db}
  >   ports: [{port: 3306}]
  > ---
  > apiVersion: apps/v1
  > kind: StatefulSet
  > metadata: {name: db}
  > spec:
  >   serviceName: db
  >   replicas: 3
  >   selector: {matchLabels: {app: db}}
  >   template:
  >     metadata: {labels: {app: db}}
  >     spec:
  >       initContainers:
  >       - name: number
  >         image: mysql:5.7
  >         command:
  >         - bash
  >         - -ec
  >         - |
  >           n=${HOSTNAME##*-}
  >           printf '[mysqld]\nserver-id=%d\n' $((n + 100)) > /conf/number.cnf
  >           if [ $n = 0 ]; then cp /given/first.cnf /conf; else cp /given/other.cnf /conf; fi
  >         volumeMounts: [{name: conf, mountPath: /conf}, {name: given, mountPath: /given}]
  >       - name: copy
  >         image: gcr.io/google-samples/xtrabackup:1.0
  >         command:
  >         - bash
  >         - -ec
  >         - |
  >           n=${HOSTNAME##*-}
  >           if [ $n = 0 ] || [ -d /var/lib/mysql/mysql ]; then exit 0; fi
  >           ncat --recv-only db-$((n - 1)).db 3307 | xbstream -x -C /var/lib/mysql
  >           xtrabackup --prepare --target-dir=/var/lib/mysql
  >         volumeMounts: [{name: data, mountPath: /var/lib/mysql, subPath: mysql}]
  >       containers:
  >       - name: mysql
  >         image: mysql:5.7
  >         env: [{name: MYSQL_ALLOW_EMPTY_PASSWORD, value: "1"}]
  >         volumeMounts: [{name: data, mountPath: /var/lib/mysql, subPath: mysql}, {name: conf, mountPath: /etc/mysql/conf.d}]
  >         readinessProbe: {exec: {command: [mysql, -h, 127.0.0.1, -e, SELECT 1]}, periodSeconds: 2}
  >       - name: follow
  >         image: gcr.io/google-samples/xtrabackup:1.0
  >         command:
  >         - bash
  >         - -c
  >         - |
  >           cd /var/lib/mysql
  >           if [ -s xtrabackup_slave_info ]; then from=$(sed 's/;$//' xtrabackup_slave_info)
  >           elif [[ -f xtrabackup_binlog_info && $(cat xtrabackup_binlog_info) =~ ^([^[:space:]]+)[[:space:]]+(.+)$ ]]; then
  >             from="CHANGE MASTER TO MASTER_LOG_FILE='${BASH_REMATCH[1]}', MASTER_LOG_POS=${BASH_REMATCH[2]}"
  >           fi
  >           if [ -n "$from" ]; then
  >             until mysql -h 127.0.0.1 -e 'SELECT 1' > /dev/null 2>&1; do sleep 1; done
  >             mysql -h 127.0.0.1 -e "$from, MASTER_HOST='db-0.db', MASTER_USER='root', MASTER_PASSWORD=''; START SLAVE;" || exit 1
  >             rm -f xtrabackup_slave_info xtrabackup_binlog_info
  >           fi
  >           exec ncat --listen --keep-open --send-only 3307 -c 'xtrabackup --backup --slave-info --stream=xbstream --host=127.0.0.1 --user=root'
  >         volumeMounts: [{name: data, mountPath: /var/lib/mysql, subPath: mysql}]
  >       volumes: [{name: conf, emptyDir: {}}, {name: given, configMap: {name: db}}]
  >   volumeClaimTemplates:
  >   - metadata: {name: data}
  >     spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
  > END
  configmap/db created
  service/db created
  statefulset.apps/db created
  $ kubectl rollout status statefulset/db > /dev/null
  $ kubectl get pods
  NAME   READY   STATUS    RESTARTS   AGE
  db-0   2/2     Running   0          * (glob)
  db-1   2/2     Running   0          * (glob)
  db-2   2/2     Running   0          * (glob)
  $ kubectl run client --image=mysql:5.7 -i --rm --quiet --restart=Never -- mysql -h db-0.db <<'END'
  > CREATE DATABASE test;
  > CREATE TABLE test.messages (message VARCHAR(250));
  > INSERT INTO test.messages VALUES ('hello');
  > END

What the first one keeps the others show, each as itself.

  $ for n in 0 1 2; do kubectl exec db-$n -c mysql -- mysql -N -e 'SELECT @@server_id, @@max_connections, message FROM test.messages'; done
  100	500	hello
  101	151	hello
  102	151	hello
  $ kubectl exec db-2 -c mysql -- mysql -e "INSERT INTO test.messages VALUES ('bye')"
  ERROR 1290 (HY000) at line 1: The MySQL server is running with the --super-read-only option so it cannot execute this statement
  command terminated with exit code 1
  [1]
  $ kubectl exec db-1 -c mysql -- mysql -e "SHOW VARIABLES LIKE '%read_only'; SHOW SLAVE STATUS\G" | grep -E '_only|Master_Host|Running:|Behind|Server_Id'
  read_only	OFF
  super_read_only	ON
              Master_Host: db-0.db
         Slave_IO_Running: Yes
        Slave_SQL_Running: Yes
    Seconds_Behind_Master: 0
         Master_Server_Id: 100
  $ kubectl exec db-0 -c mysql -- mysql -e 'SHOW MASTER STATUS' | cut -f1
  File
  db-0-bin.000003
  $ kubectl exec db-1 -c mysql -- ls /var/lib/mysql
  ibdata1
  mysql
  performance_schema
  sys
  test
  xtrabackup_checkpoints

The client lies where the image's packages have put it. Without it the probe cannot be run, which is not the same as failing: the pod
stays as it is, and only the events tell.

  $ kubectl exec db-2 -c mysql -- mv /usr/bin/mysql /usr/bin/mysql.off
  $ podsim clock advance -q 10s
  $ kubectl exec db-2 -c mysql -- mysql -e 'SELECT 1'
  error: Internal error occurred: * exec: "mysql": executable file not found in $PATH: unknown (glob)
  [1]
  $ kubectl get pod db-2 --no-headers
  db-2   2/2   Running   0     * (glob)
  $ kubectl get events --field-selector involvedObject.name=db-2,reason=Unhealthy | grep -c 'Readiness probe errored and resulted in unknown state'
  * (glob)
  $ kubectl exec db-2 -c mysql -- mv /usr/bin/mysql.off /usr/bin/mysql
  $ kubectl exec db-2 -c mysql -- mysql -N -e 'SELECT 1'
  1

A new one begins with its neighbour's data.

  $ kubectl scale statefulset db --replicas=4
  statefulset.apps/db scaled
  $ kubectl wait --for=jsonpath='{.status.readyReplicas}'=4 statefulset/db
  statefulset.apps/db condition met
  $ kubectl exec db-3 -c mysql -- mysql -N -e 'SELECT @@server_id, message FROM test.messages'
  103	hello
