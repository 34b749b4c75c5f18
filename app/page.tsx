const PLACES = [
  {
    address: '/api/openapi.json',
    what: 'The REST API: datasets, model versions, evaluation runs and their metrics',
  },
  { address: '/api/health', what: 'What works: database, object store, evaluator' },
  { address: '/metrics', what: 'Accuracy gauges and HTTP metrics for Prometheus' },
]

export default function HomePage() {
  return (
    <main>
      <h1>Second Reader</h1>
      <p>
        The service is running. Use it through its REST API and the command <code>second-reader</code>. The
        key and the passwords of a demo lie in <code>demo-credentials.json</code> in the data folder.
      </p>
      <dl>
        {PLACES.map(({ address, what }) => (
          <div key={address}>
            <dt>
              <a href={address}>{address}</a>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </main>
  )
}
