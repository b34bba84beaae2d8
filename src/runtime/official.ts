/** Names of Docker Hub's official images (docker.io/library): a bare name outside this list does not exist. */
const OFFICIAL: ReadonlySet<string> = new Set(
  `adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux backdrop bash bonita buildpack-deps
  busybox caddy cassandra chronograf cirros clearlinux clefos clickhouse clojure composer convertigo couchbase couchdb crate dart debian
  docker drupal eclipse-mosquitto eclipse-temurin eggdrop elasticsearch elixir erlang fedora flink fluentd friendica gazebo gcc
  geonetwork ghost golang gradle groovy haproxy haskell haxe hello-world hitch httpd hylang ibm-semeru-runtimes influxdb irssi
  jetty jobber joomla jruby julia kapacitor kibana kong krakend lightstreamer liquibase logstash mageia mariadb matomo maven
  mediawiki memcached mongo mongo-express monica mono mysql nats nats-streaming neo4j neurodebian nextcloud nginx node notary
  nuxeo odoo open-liberty openjdk openmrs oraclelinux orientdb percona perl photon php php-zendserver phpmyadmin plone postfixadmin
  postgres pypy python r-base rabbitmq rakudo-star redis redmine registry rethinkdb rockylinux rocket.chat ros ruby rust sapmachine
  satosa silverpeas sl solr sonarqube spark spiped storm swift swipl teamspeak telegraf thrift tomcat tomee traefik ubuntu
  unit varnish vault websphere-liberty wordpress xwiki yourls znc zookeeper centos consul jenkins opensuse owncloud piwik
  sentry sourcemage swarm`.split(/\s+/),
);

export const isOfficial = (name: string): boolean => OFFICIAL.has(name);

/** All of them, in the alphabet's order but for the retired ones at the end. */
export const officialImages = (): Iterable<string> => OFFICIAL.keys();
