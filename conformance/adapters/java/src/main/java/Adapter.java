import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The adapter for the committed schemas with networknt's json-schema-validator. It reports the pointers of violations.
 *
 * <pre>java -jar adapter.jar SCHEMAS</pre>
 *
 * It checks JSON values, so it skips cases about text, and all cases with a tolerance.
 */
final class Adapter {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Map<String, Schema> schemas;

    private Adapter(Path folder) throws IOException {
        schemas = Map.of(
                "update", compile(folder.resolve("update-agent.schema.json")),
                "agent", compile(folder.resolve("agent.schema.json")));
    }

    public static void main(String[] arguments) throws IOException {
        Adapter adapter = new Adapter(Path.of(arguments[0]));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            out.println(adapter.answer(MAPPER.readTree(line)));
        }
    }

    private static Schema compile(Path file) throws IOException {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        return registry.getSchema(MAPPER.readTree(Files.readString(file)));
    }

    private ObjectNode answer(JsonNode request) {
        ObjectNode answer = MAPPER.createObjectNode();
        answer.set("id", request.get("id"));
        if (!request.get("kind").asString().equals("values") || request.has("tolerant")) {
            return answer.put("skip", "only strict checks of values are supported");
        }
        SortedSet<String> pointers = new TreeSet<>();
        try {
            Schema schema = schemas.get(request.get("as").asString());
            schema.validate(MAPPER.readTree(request.get("text").asString())).forEach(error -> pointers.add(pointer(error)));
        } catch (RuntimeException exception) {
            return answer.put("error", exception.toString());
        }
        answer.put("valid", pointers.isEmpty());
        pointers.forEach(pointer -> answer.withArray("violations").addObject().put("pointer", pointer));
        return answer;
    }

    private static String pointer(Error error) {
        StringBuilder out = new StringBuilder();
        NodePath path = error.getInstanceLocation();
        for (int index = 0; index < path.getNameCount(); index++) {
            append(out, path.getElement(index));
        }
        // The field that is missing or unknown.
        if (error.getProperty() != null) {
            append(out, error.getProperty());
        }
        return out.toString();
    }

    private static void append(StringBuilder out, Object step) {
        out.append('/').append(step.toString().replace("~", "~0").replace("/", "~1"));
    }
}
