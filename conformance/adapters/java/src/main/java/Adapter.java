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
 * An adapter of the committed schemas: networknt's json-schema-validator, with the places of violations.
 *
 * <pre>java -jar adapter.jar SCHEMAS</pre>
 *
 * It judges JSON values, so it skips what only text has, and it knows no tolerance.
 */
final class Adapter {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Map<String, Schema> schemas;

    private Adapter(Path folder) throws IOException {
        schemas = Map.of(
                "update", compiled(folder.resolve("update-agent.schema.json")),
                "agent", compiled(folder.resolve("agent.schema.json")));
    }

    public static void main(String[] arguments) throws IOException {
        Adapter adapter = new Adapter(Path.of(arguments[0]));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            out.println(adapter.answer(MAPPER.readTree(line)));
        }
    }

    private static Schema compiled(Path file) throws IOException {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        return registry.getSchema(MAPPER.readTree(Files.readString(file)));
    }

    private ObjectNode answer(JsonNode asked) {
        ObjectNode answer = MAPPER.createObjectNode();
        answer.set("id", asked.get("id"));
        if (!asked.get("kind").asString().equals("values") || asked.has("tolerant")) {
            return answer.put("skip", "a schema judges values, and strictly");
        }
        SortedSet<String> pointers = new TreeSet<>();
        try {
            Schema schema = schemas.get(asked.get("as").asString());
            schema.validate(MAPPER.readTree(asked.get("text").asString())).forEach(error -> pointers.add(pointer(error)));
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
        // The field that lacks or is too many.
        if (error.getProperty() != null) {
            append(out, error.getProperty());
        }
        return out.toString();
    }

    private static void append(StringBuilder out, Object step) {
        out.append('/').append(step.toString().replace("~", "~0").replace("/", "~1"));
    }
}
