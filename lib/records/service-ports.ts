/**
 * Ports below 1024 are a system's services (RFC 6335: System Ports); clients that AWS places in front
 * (load balancers, NAT gateways, Lambda) take theirs from 1024 (VPC guide, ephemeral ports).
 */
export const FIRST_CLIENT_PORT = 1024;

/**
 * Ports that servers commonly have: registered with IANA for the service named, or its documented
 * default. They decide only where nothing else tells which side was called.
 */
const SERVICE_PORTS: Readonly<Record<number, string>> = {
  1433: 'Microsoft SQL Server',
  1521: 'Oracle',
  1883: 'MQTT',
  2049: 'NFS',
  2181: 'ZooKeeper',
  2379: 'etcd',
  2380: 'etcd peers',
  3000: 'web applications',
  3306: 'MySQL',
  3389: 'RDP',
  4222: 'NATS',
  4317: 'OpenTelemetry',
  4318: 'OpenTelemetry',
  5000: 'web applications',
  5432: 'PostgreSQL',
  5671: 'AMQP',
  5672: 'AMQP',
  5900: 'VNC',
  6379: 'Redis',
  6443: 'the Kubernetes API',
  7000: 'Cassandra',
  8000: 'web applications',
  8080: 'HTTP',
  8081: 'HTTP',
  8443: 'HTTPS',
  8883: 'MQTT',
  9000: 'web applications',
  9042: 'Cassandra',
  9090: 'Prometheus',
  9092: 'Kafka',
  9093: 'Kafka',
  9094: 'Kafka',
  9100: 'node exporter',
  9200: 'Elasticsearch',
  9300: 'Elasticsearch',
  10250: 'the kubelet',
  11211: 'memcached',
  15012: 'istiod',
  26379: 'Redis Sentinel',
  27017: 'MongoDB',
  50051: 'gRPC',
};

/** Is this the usual port of a known service? */
export const isServicePort = (port: number): boolean => SERVICE_PORTS[port] !== undefined;
