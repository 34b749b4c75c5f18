export default function HomePage() {
  return (
    <main>
      <h1>Second Reader</h1>
      <p>
        The service is running. Its REST API is described at <a href="/api/openapi.json">/api/openapi.json</a>
        , its health at <a href="/api/health">/api/health</a>, its metrics at <a href="/metrics">/metrics</a>.
      </p>
    </main>
  )
}
