import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.openapitools.client.model.Agent;
import org.openapitools.client.model.UpdateAgent;

/** The client of openapi-generator as an adapter of the cases of conformance/PROTOCOL.md. */
final class Adapter {
    private Adapter() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            out.println(new Gson().toJson(answer(JsonParser.parseString(line).getAsJsonObject())));
        }
    }

    private static JsonObject answer(JsonObject asked) {
        JsonObject answer = new JsonObject();
        answer.add("id", asked.get("id"));
        if (!asked.get("kind").getAsString().equals("values") || asked.has("tolerant")) {
            answer.addProperty("skip", "it judges values, and strictly");
            return answer;
        }
        try {
            answer.addProperty("output", written(asked.get("as").getAsString(), asked.get("text").getAsString()));
            answer.addProperty("valid", true);
        } catch (RuntimeException refusal) {
            // What does not fit shows in many ways: by a wrong cast, or by no object at all.
            answer.addProperty("valid", false);
        } catch (IOException exception) {
            answer.addProperty("error", exception.toString());
        }
        return answer;
    }

    private static String written(String direction, String text) throws IOException {
        return direction.equals("update") ? UpdateAgent.fromJson(text).toJson() : Agent.fromJson(text).toJson();
    }
}
