/**
 * Applications as their charts and examples write them: what runs, with its labels and ports, and who calls whom.
 * A line of a workload has its name, `x` replicas, its kind where it is no Deployment, labels, and ports; `~` stands
 * before a port that the pod does not declare, `host` is the node's network. Without a namespace it is the
 * application's own. The ends of a call are such names or addresses.
 */
export interface Application {
  readonly name: string;
  readonly text: string;
  /** Pods have IPv6 addresses alone. */
  readonly isIpv6?: boolean;
  /** Objects that are there before. */
  readonly before?: readonly object[];
  /** Calls between workloads that open too, because nothing tells two workloads apart or an earlier policy admits them. */
  readonly more?: readonly string[];
}

const DNS = 'kube-system/coredns x2 k8s-app=kube-dns 53 53/UDP 9153';
const lookups = (...names: readonly string[]): string =>
  names.map((name) => `${name} > kube-system/coredns 53/UDP`).join('\n');
const chart = (name: string, instance = name): string =>
  `app.kubernetes.io/name=${name} app.kubernetes.io/instance=${instance} app.kubernetes.io/managed-by=Helm helm.sh/chart=${name}-1.2.3 app.kubernetes.io/version=4.5.6`;
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** The worlds of the review that this set was made for. */
const REVIEWED: readonly Application[] = [
  {
    name: 'online boutique',
    text: `
      ${DNS}
      frontend x2 app=frontend 8080
      cart app=cartservice 7070
      catalog app=productcatalogservice 3550
      currency app=currencyservice 7000
      payment app=paymentservice 50051
      shipping app=shippingservice 50051
      email app=emailservice 8080
      checkout app=checkoutservice 5050
      recommendation app=recommendationservice 8080
      ad app=adservice 9555
      redis app=redis-cart 6379
      loadgenerator app=loadgenerator
      loadgenerator > frontend 8080
      frontend > ad 9555
      frontend > cart 7070
      frontend > catalog 3550
      frontend > currency 7000
      frontend > checkout 5050
      frontend > recommendation 8080
      frontend > shipping 50051
      checkout > cart 7070
      checkout > catalog 3550
      checkout > currency 7000
      checkout > email 8080
      checkout > payment 50051
      checkout > shipping 50051
      recommendation > catalog 3550
      cart > redis 6379
      ${lookups('frontend', 'checkout', 'recommendation', 'cart', 'loadgenerator')}`,
  },
  {
    name: 'bookinfo',
    text: `
      istio-system/gateway app=istio-ingressgateway istio=ingressgateway 8443
      productpage app=productpage version=v1 9080
      details app=details version=v1 9080
      reviews-v1 app=reviews version=v1 9080
      reviews-v2 app=reviews version=v2 9080
      reviews-v3 app=reviews version=v3 9080
      ratings app=ratings version=v1 9080
      203.0.113.7 > istio-system/gateway 8443
      istio-system/gateway > productpage 9080
      productpage > details 9080
      productpage > reviews-v1 9080
      productpage > reviews-v2 9080
      productpage > reviews-v3 9080
      reviews-v2 > ratings 9080
      reviews-v3 > ratings 9080`,
  },
  {
    name: 'sock shop',
    text: `
      ${DNS}
      front-end name=front-end 8079
      carts name=carts 80
      carts-db name=carts-db 27017
      catalogue name=catalogue 80
      catalogue-db name=catalogue-db 3306
      orders name=orders 80
      orders-db name=orders-db 27017
      payment name=payment 80
      shipping name=shipping 80
      rabbitmq name=rabbitmq 5672
      queue-master name=queue-master 80
      user name=user 80
      user-db name=user-db 27017
      front-end > carts 80
      front-end > catalogue 80
      front-end > orders 80
      front-end > user 80
      carts > carts-db 27017
      catalogue > catalogue-db 3306
      orders > orders-db 27017
      orders > payment 80
      orders > shipping 80
      orders > user 80
      orders > carts 80
      user > user-db 27017
      shipping > rabbitmq 5672
      queue-master > rabbitmq 5672
      ${lookups('front-end', 'orders', 'carts')}`,
  },
  {
    name: 'kafka with zookeeper',
    text: `
      kafka x3 StatefulSet app=kafka 9092 9093
      zookeeper x3 StatefulSet app=zookeeper 2181 2888 3888
      consumer x2 app=consumer
      kafka > kafka 9093
      kafka > zookeeper 2181
      zookeeper > zookeeper 2888
      zookeeper > zookeeper 3888
      consumer > kafka 9092`,
  },
  {
    name: 'two redis releases and postgres by helm',
    text: `
      web app=web 8080
      cache StatefulSet ${chart('redis', 'cache')} app.kubernetes.io/component=master 6379
      session StatefulSet ${chart('redis', 'session')} app.kubernetes.io/component=master 6379
      cache-replica x2 StatefulSet ${chart('redis', 'cache')} app.kubernetes.io/component=replica 6379
      postgres StatefulSet ${chart('postgresql', 'db')} app.kubernetes.io/component=primary 5432
      web > cache 6379
      cache-replica > cache 6379
      web > postgres 5432`,
  },
  {
    name: 'an ingress controller on the node’s network',
    text: `
      ingress-nginx/controller DaemonSet host app=ingress-nginx 443
      web x2 app=web 8080
      logging/fluent-bit x2 DaemonSet app=fluent-bit
      logging/loki StatefulSet app=loki 3100
      ingress-nginx/controller > web 8080
      logging/fluent-bit > logging/loki 3100`,
  },
  {
    name: 'the same labels, and none',
    text: `
      blue app=web 8080
      green app=web 8080
      db app=db 5432
      blue > db 5432`,
    more: ['green > db 5432'],
  },
  {
    name: '25 clients outside and 36 addresses of a service',
    text: `
      web x2 app=web 8443
      uploader app=uploader
      ${numbers(25)
        .map((i) => `203.0.113.${i * 3} > web 8443`)
        .join('\n')}
      ${numbers(36)
        .map((i) => `uploader > 3.5.64.${i * 5} 443`)
        .join('\n')}`,
  },
  {
    name: 'IPv6 alone',
    isIpv6: true,
    text: `
      web x2 app=web 8080
      db StatefulSet app=db 5432
      web > db 5432
      2001:db8:7::9 > web 8080`,
  },
  {
    name: 'policies that were there before',
    text: `
      web app=web 8080
      api app=api 8080
      db app=db 5432
      web > api 8080
      api > db 5432`,
    before: [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { namespace: 'policies-that-were-there-before', name: 'web-may-all' },
        spec: {
          podSelector: { matchLabels: { app: 'db' } },
          policyTypes: ['Ingress'],
          ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }],
        },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { namespace: 'policies-that-were-there-before', name: 'web-out' },
        spec: {
          podSelector: { matchLabels: { app: 'web' } },
          policyTypes: ['Egress'],
          egress: [
            {
              to: [{ podSelector: { matchLabels: { app: 'db' } } }],
              ports: [{ port: 5432, protocol: 'TCP' }],
            },
          ],
        },
      },
    ],
    more: ['web > db 5432'],
  },
  {
    name: 'cert-manager and the API server',
    text: `
      ${DNS}
      controller ${chart('cert-manager')} app.kubernetes.io/component=controller 9402
      webhook ${chart('webhook', 'cert-manager')} app.kubernetes.io/component=webhook 10250
      cainjector ${chart('cainjector', 'cert-manager')} app.kubernetes.io/component=cainjector
      controller > 172.31.9.7 443
      cainjector > 172.31.9.7 443
      172.31.9.7 > webhook 10250
      ${lookups('controller', 'cainjector')}`,
  },
  {
    name: 'ports that nobody declares',
    text: `
      a app=a ~50051
      b app=b ~8080
      c app=c
      b > a 50051
      c > b 8080`,
  },
  {
    name: 'three namespaces with the same labels',
    text: `
      dev/web app=web 8080
      dev/db app=db 5432
      test/web app=web 8080
      test/db app=db 5432
      prod/web app=web 8080
      prod/db app=db 5432
      dev/web > dev/db 5432
      test/web > test/db 5432
      prod/web > prod/db 5432
      prod/web > test/web 8080`,
  },
  {
    name: 'two instances, blue and green',
    text: `
      blue-web ${chart('web', 'blue')} 8080
      green-web ${chart('web', 'green')} 8080
      blue-db StatefulSet ${chart('db', 'blue')} 5432
      green-db StatefulSet ${chart('db', 'green')} 5432
      blue-web > blue-db 5432
      green-web > green-db 5432`,
  },
  {
    name: 'observability',
    text: `
      prometheus StatefulSet ${chart('prometheus')} 9090
      otel x2 DaemonSet ${chart('opentelemetry-collector', 'otel')} 4317 8888
      grafana ${chart('grafana')} 3000
      alertmanager x2 StatefulSet ${chart('alertmanager')} 9093 9094 9094/UDP
      shop/web x2 app=web 8080
      prometheus > otel 8888
      prometheus > shop/web 8080
      prometheus > alertmanager 9093
      alertmanager > alertmanager 9094
      alertmanager > alertmanager 9094/UDP
      grafana > prometheus 9090
      shop/web > otel 4317`,
  },
  {
    name: 'wordpress of Kubernetes’ documentation',
    text: `
      ${DNS}
      wordpress app=wordpress tier=frontend 80
      mysql app=wordpress tier=mysql 3306
      wordpress > mysql 3306
      wordpress > 198.51.100.7 443
      ${lookups('wordpress')}`,
  },
  {
    name: 'a shop with a job',
    text: `
      web app=web 8080
      db StatefulSet app=db 5432
      report Job app=report
      cart app=cart 8080
      web > cart 8080
      cart > db 5432
      report > db 5432`,
  },
];

/** Others that no review has named. */
const FURTHER: readonly Application[] = [
  {
    name: 'guestbook of Kubernetes’ documentation',
    text: `
      frontend x3 app=guestbook tier=frontend 80
      leader app=redis role=leader tier=backend 6379
      follower x2 app=redis role=follower tier=backend 6379
      frontend > leader 6379
      frontend > follower 6379
      follower > leader 6379`,
  },
  {
    name: 'emojivoto',
    text: `
      web app=web-svc version=v11 8080
      emoji app=emoji-svc version=v11 8080 8801
      voting app=voting-svc version=v11 8080 8801
      vote-bot app=vote-bot version=v11
      vote-bot > web 8080
      web > emoji 8080
      web > voting 8080`,
  },
  {
    name: 'argo cd',
    text: `
      ${DNS}
      server ${chart('argocd-server', 'argocd')} 8080
      repo ${chart('argocd-repo-server', 'argocd')} 8081
      controller StatefulSet ${chart('argocd-application-controller', 'argocd')} 8082
      redis ${chart('argocd-redis', 'argocd')} 6379
      dex ${chart('argocd-dex-server', 'argocd')} 5556
      server > repo 8081
      server > redis 6379
      server > dex 5556
      controller > repo 8081
      controller > redis 6379
      repo > redis 6379
      repo > 140.82.121.4 443
      controller > 172.31.9.7 443
      ${lookups('server', 'repo', 'controller', 'dex')}`,
  },
  {
    name: 'elastic stack',
    text: `
      master x3 StatefulSet app=elasticsearch role=master 9300
      data x2 StatefulSet app=elasticsearch role=data 9200 9300
      kibana app=kibana 5601
      filebeat x2 DaemonSet app=filebeat
      master > master 9300
      data > master 9300
      master > data 9300
      kibana > data 9200
      filebeat > data 9200`,
  },
  {
    name: 'a rabbitmq cluster',
    text: `
      broker x3 StatefulSet ${chart('rabbitmq')} 5672 25672 4369
      producer x2 app=producer
      consumer app=consumer
      broker > broker 25672
      broker > broker 4369
      producer > broker 5672
      consumer > broker 5672`,
  },
  {
    name: 'a mongodb replica set',
    text: `
      mongo x3 StatefulSet app=mongo 27017
      backup Job app=mongo-backup
      api app=api 8080
      mongo > mongo 27017
      backup > mongo 27017
      backup > 52.95.110.9 443
      api > mongo 27017`,
  },
  {
    name: 'vault with its injector',
    text: `
      vault x3 StatefulSet ${chart('vault')} component=server 8200 8201
      injector ${chart('vault-agent-injector', 'vault')} component=webhook 8080
      apps/web app=web 8080
      vault > vault 8201
      apps/web > vault 8200
      172.31.9.7 > injector 8080
      vault > 10.100.0.9 443`,
  },
  {
    name: 'keycloak behind a gateway',
    text: `
      gateway/envoy x2 gateway.envoyproxy.io/owning-gateway-name=eg app=envoy 10443
      keycloak x2 StatefulSet app=keycloak 8080 7800
      postgres StatefulSet app=postgres 5432
      198.51.100.20 > gateway/envoy 10443
      gateway/envoy > keycloak 8080
      keycloak > keycloak 7800
      keycloak > postgres 5432`,
  },
  {
    name: 'airflow',
    text: `
      webserver component=webserver tier=airflow release=airflow 8080
      scheduler component=scheduler tier=airflow release=airflow 8793
      worker x2 StatefulSet component=worker tier=airflow release=airflow 8793
      redis StatefulSet component=redis tier=airflow release=airflow 6379
      postgres StatefulSet ${chart('postgresql', 'airflow')} 5432
      webserver > postgres 5432
      webserver > worker 8793
      scheduler > postgres 5432
      scheduler > redis 6379
      worker > redis 6379
      worker > postgres 5432`,
  },
  {
    name: 'jenkins with agents',
    text: `
      ${DNS}
      controller StatefulSet ${chart('jenkins')} app.kubernetes.io/component=jenkins-controller 8080 50000
      agent x2 ReplicaSet jenkins=agent
      agent > controller 50000
      agent > controller 8080
      agent > 140.82.121.4 443
      ${lookups('agent', 'controller')}`,
  },
  {
    name: 'nextcloud',
    text: `
      nextcloud ${chart('nextcloud')} app.kubernetes.io/component=app 80
      cron ${chart('nextcloud')} app.kubernetes.io/component=cronjob
      mariadb StatefulSet ${chart('mariadb', 'nextcloud')} 3306
      redis StatefulSet ${chart('redis', 'nextcloud')} 6379
      nextcloud > mariadb 3306
      nextcloud > redis 6379
      cron > nextcloud 80`,
  },
  {
    name: 'loki in its three targets',
    text: `
      write x3 StatefulSet ${chart('loki')} app.kubernetes.io/component=write 3100 9095 7946
      read x2 ${chart('loki')} app.kubernetes.io/component=read 3100 9095 7946
      backend StatefulSet ${chart('loki')} app.kubernetes.io/component=backend 3100 9095 7946
      gateway ${chart('loki')} app.kubernetes.io/component=gateway 8080
      gateway > write 3100
      gateway > read 3100
      write > write 7946
      read > write 7946
      backend > write 7946
      read > backend 9095
      write > 52.95.110.9 443`,
  },
  {
    name: 'mlflow',
    text: `
      tracking ${chart('mlflow')} 5000
      minio StatefulSet ${chart('minio', 'mlflow')} 9000
      postgres StatefulSet ${chart('postgresql', 'mlflow')} 5432
      training Job app=training
      training > tracking 5000
      training > minio 9000
      tracking > postgres 5432
      tracking > minio 9000`,
  },
  {
    name: 'temporal',
    text: `
      frontend ${chart('temporal')} app.kubernetes.io/component=frontend 7233 6933
      history x2 ${chart('temporal')} app.kubernetes.io/component=history 7234 6934
      matching ${chart('temporal')} app.kubernetes.io/component=matching 7235 6935
      worker ${chart('temporal')} app.kubernetes.io/component=worker 6939
      cassandra x3 StatefulSet app=cassandra 9042 7000
      frontend > history 7234
      frontend > matching 7235
      history > matching 7235
      history > history 6934
      worker > frontend 7233
      history > cassandra 9042
      matching > cassandra 9042
      cassandra > cassandra 7000`,
  },
  {
    name: 'nats with jetstream',
    text: `
      nats x3 StatefulSet ${chart('nats')} 4222 6222 8222
      box app=nats-box
      surveyor app=surveyor 7777
      nats > nats 6222
      box > nats 4222
      surveyor > nats 8222`,
  },
  {
    name: 'jaeger with its agents',
    text: `
      agent x2 DaemonSet app=jaeger app.kubernetes.io/component=agent 6831/UDP
      collector app=jaeger app.kubernetes.io/component=collector 14250
      query app=jaeger app.kubernetes.io/component=query 16686
      shop/api app=api 8080
      shop/api > agent 6831/UDP
      agent > collector 14250
      198.51.100.20 > query 16686`,
  },
  {
    name: 'flink session cluster',
    text: `
      jobmanager app=flink component=jobmanager 6123 8081 6124
      taskmanager x3 app=flink component=taskmanager 6122
      taskmanager > jobmanager 6123
      taskmanager > jobmanager 6124
      jobmanager > taskmanager 6122
      taskmanager > taskmanager 6122`,
  },
  {
    name: 'SCTP core network',
    text: `
      amf app=amf ~38412 8080
      smf app=smf 8805/UDP 8080
      upf app=upf 8805/UDP 2152/UDP
      10.200.0.9 > amf 38412/SCTP
      amf > smf 8080
      smf > upf 8805/UDP
      10.200.0.9 > upf 2152/UDP`,
  },
  {
    name: 'teams that share a database',
    text: `
      ${DNS}
      team-a/web x2 app=web team=a 8080
      team-b/web x2 app=web team=b 8080
      team-b/worker app=worker team=b
      data/postgres x2 StatefulSet app=postgres 5432
      data/pgbouncer app=pgbouncer 6432
      team-a/web > data/pgbouncer 6432
      team-b/worker > data/pgbouncer 6432
      data/pgbouncer > data/postgres 5432
      data/postgres > data/postgres 5432
      team-a/web > team-b/web 8080
      ${lookups('team-a/web', 'team-b/worker')}`,
  },
  {
    name: 'a service of two versions by canary',
    text: `
      stable x3 app=checkout track=stable 8080
      canary app=checkout track=canary 8080
      front x2 app=front 8080
      ledger StatefulSet app=ledger 5432
      front > stable 8080
      front > canary 8080
      stable > ledger 5432
      canary > ledger 5432`,
  },
];

export const APPLICATIONS: readonly Application[] = [...REVIEWED, ...FURTHER];
