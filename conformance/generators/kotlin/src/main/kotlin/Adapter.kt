// The client of openapi-generator as an adapter of the cases of conformance/PROTOCOL.md.

import com.squareup.moshi.JsonDataException
import com.squareup.moshi.JsonEncodingException
import com.squareup.moshi.Moshi
import org.openapitools.client.infrastructure.Serializer
import org.openapitools.client.models.Agent
import org.openapitools.client.models.UpdateAgent

private val lines = Moshi.Builder().build().adapter(Map::class.java)
private val update = Serializer.moshi.adapter(UpdateAgent::class.java)
private val agent = Serializer.moshi.adapter(Agent::class.java)

fun main() {
    generateSequence(::readLine).forEach { line ->
        val asked = lines.fromJson(line)!!
        println(lines.toJson(mapOf("id" to asked["id"]) + answer(asked)))
    }
}

private fun answer(asked: Map<*, *>): Map<String, Any> {
    if (asked["kind"] != "values" || asked.containsKey("tolerant")) {
        return mapOf("skip" to "it judges values, and strictly")
    }
    val adapter = if (asked["as"] == "update") update.nonNull() else agent.nonNull()
    return try {
        mapOf("valid" to true, "output" to written(adapter, asked["text"] as String))
    } catch (refusal: JsonDataException) {
        mapOf("valid" to false)
    } catch (refusal: JsonEncodingException) {
        mapOf("valid" to false)
    }
}

private fun <T> written(adapter: com.squareup.moshi.JsonAdapter<T>, text: String): String =
    adapter.toJson(adapter.fromJson(text))
