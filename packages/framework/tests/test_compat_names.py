"""Names beyond the documented ones, which published extensions import, override and patch: drop-in mode has them."""

from __future__ import annotations

import importlib
import subprocess
import sys
import warnings
from functools import reduce
from pathlib import Path

NAMES = """
flask.app flask.blueprints flask.cli flask.config flask.ctx flask.globals flask.helpers flask.json
flask.json.provider flask.json.tag flask.sansio.app flask.sansio.blueprints flask.sansio.scaffold flask.sessions
flask.signals flask.templating flask.testing flask.typing flask.views flask.wrappers
flask.sansio.scaffold._endpoint_from_view_func flask.ctx._AppCtxGlobals flask.json.provider._default
flask.templating._render flask.globals.app_ctx flask.globals.request_ctx flask.helpers.get_root_path
flask.templating.DispatchingJinjaLoader flask.cli.with_appcontext flask.cli.AppGroup flask.cli.click
flask.cli.ScriptInfo flask.cli.FlaskGroup._load_plugin_commands flask.testing.EnvironBuilder
flask.testing.FlaskClient._request_from_builder_args flask.testing.FlaskClient._add_cookies_to_wsgi
flask.signals.Namespace flask.got_request_exception flask.template_rendered flask.before_render_template
flask.request_started flask.sansio.scaffold.setupmethod flask.sansio.app.App._find_error_handler
flask.sansio.app.App.handle_url_build_error flask.sansio.app.App.inject_url_defaults
flask.sansio.app.App.trap_http_exception flask.sansio.app.App.select_jinja_autoescape
flask.sansio.blueprints.Blueprint._merge_blueprint_funcs flask.Flask.send_static_file
flask.Flask.make_default_options_response flask.Flask.log_exception flask.Flask.create_url_adapter
flask.Flask.raise_routing_exception flask.Flask.json_provider_class flask.Flask.config_class
flask.Flask.ensure_sync flask.Flask._method_route flask.Blueprint.make_setup_state flask.Blueprint._method_route
flask.blueprints.BlueprintSetupState.add_url_rule flask.sessions.SessionMixin
flask.json.provider.DefaultJSONProvider.default flask.sessions.TaggedJSONSerializer flask.views.MethodView
werkzeug.datastructures.structures werkzeug.debug.tbtools.DebugTraceback werkzeug.exceptions._aborter.mapping
werkzeug.formparser werkzeug.http werkzeug.local.LocalProxy werkzeug.middleware.dispatcher
werkzeug.middleware.proxy_fix werkzeug.routing werkzeug.sansio.http werkzeug.sansio.multipart.MultipartDecoder
werkzeug.sansio.multipart.MultipartEncoder werkzeug.sansio.multipart.Preamble werkzeug.sansio.multipart.Field
werkzeug.sansio.multipart.File werkzeug.sansio.multipart.Data werkzeug.sansio.multipart.Epilogue
werkzeug.sansio.multipart.NeedData werkzeug.sansio.request werkzeug.sansio.response.Response
werkzeug.wrappers.Response._is_range_request_processable werkzeug.wrappers.Response._process_range_request
werkzeug.wrappers.Request._load_form_data werkzeug.formparser.default_stream_factory werkzeug.security
werkzeug.serving.make_server werkzeug.serving.BaseWSGIServer werkzeug.serving.WSGIRequestHandler
werkzeug.serving.run_simple werkzeug.serving.is_running_from_reloader werkzeug.test werkzeug.urls werkzeug.utils
werkzeug.wrappers.request werkzeug.wsgi werkzeug._internal._log werkzeug._reloader.run_with_reloader
werkzeug.routing.Map.is_endpoint_expecting werkzeug.routing.MapAdapter.dispatch werkzeug.routing.Rule.compile
werkzeug.datastructures.CallbackDict werkzeug.datastructures.FileStorage werkzeug.datastructures.EnvironHeaders
werkzeug.formparser.FormDataParser._parse_urlencoded werkzeug.formparser.FormDataParser._parse_multipart
jinja2.compiler jinja2.defaults jinja2.environment jinja2.exceptions jinja2.ext jinja2.filters jinja2.lexer
jinja2.loaders jinja2.nativetypes jinja2.nodes jinja2.parser jinja2.runtime jinja2.sandbox jinja2.utils
jinja2.ext.Extension.preprocess jinja2.ext.Extension.call_method jinja2.ext.Extension.attr
jinja2.ext.InternationalizationExtension._install_null jinja2.parser.Parser.parse_macro
jinja2.parser.Parser.parse_signature jinja2.parser.Parser.parse_compare jinja2.parser.Parser.parse_assign_target
jinja2.parser.Parser.fail jinja2.nodes.Add jinja2.nodes.CallBlock jinja2.nodes.CondExpr jinja2.nodes.EvalContext
jinja2.nodes.ExtensionAttribute jinja2.nodes.Node.set_lineno jinja2.nodes.Node.set_ctx jinja2.Environment._parse
jinja2.Environment._compile jinja2.Environment.lexer jinja2.Environment.call_filter jinja2.Environment.call_test
jinja2.Environment.getattr jinja2.Environment.getitem jinja2.Environment.compile_expression
jinja2.Environment.handle_exception jinja2.Environment.template_class jinja2.Environment.context_class
jinja2.Environment.code_generator_class jinja2.Environment.concat jinja2.Environment.overlay
jinja2.sandbox.SandboxedEnvironment.is_safe_attribute jinja2.sandbox.SandboxedEnvironment.intercepted_binops
jinja2.Template.new_context jinja2.Template.make_module jinja2.environment.TemplateModule
jinja2.environment.TemplateExpression jinja2.compiler.CodeGenerator.visit_Const
jinja2.compiler.CodeGenerator._output_const_repr jinja2.compiler.Frame jinja2.Undefined._undefined_message
jinja2.Undefined._fail_with_undefined_error jinja2.runtime.Context.get_all jinja2.runtime.Context.derived
jinja2.runtime.Context.resolve jinja2.runtime.Macro jinja2.utils.missing jinja2.utils.LRUCache
jinja2.utils.open_if_exists jinja2.utils.import_string jinja2.defaults.DEFAULT_FILTERS
jinja2.defaults.DEFAULT_TESTS jinja2.lexer.Lexer.tokeniter jinja2.lexer.TOKEN_VARIABLE_BEGIN
jinja2.lexer.TOKEN_VARIABLE_END jinja2.lexer.TOKEN_STRING jinja2.loaders.split_template_path
jinja2.filters.do_map jinja2.filters.do_select jinja2.filters.do_reject jinja2.filters.do_selectattr
jinja2.filters.do_rejectattr jinja2.filters.do_unique jinja2.filters.do_groupby jinja2.filters.sync_do_groupby
jinja2.pass_environment click.core click.decorators click.exceptions click.formatting click.globals click.parser
click.shell_completion click.termui click.testing click.types click.utils click._termui_impl
click.core._BaseCommand click.core._MultiCommand click.core.UNSET click.core.augment_usage_errors
click.decorators._param_memo click.parser._OptionParser click.types._NumberRangeBase._describe_range
click.utils._detect_program_name click.utils._expand_args click.utils.make_str click.utils.PacifyFlushWrapper
click.formatting.FORCED_WIDTH click.formatting.join_options click.Context.protected_args
click.Context.formatter_class click.Context.make_formatter click.Context.get_parameter_source
click.Context.to_info_dict click.Context.with_resource click.Context.call_on_close click.Command.format_help
click.Command.format_options click.Command.format_epilog click.Command.format_help_text
click.Command.format_usage click.Command.main click.Command._main_shell_completion click.Command.make_context
click.Command.parse_args click.Command.collect_usage_pieces click.Command.get_help_option
click.Command.get_help_option_names click.Group.resolve_command click.Group.list_commands
click.Group.format_commands click.Group.group_class click.Group.command_class click.Command.context_class
click.Option.handle_parse_result click.Option.get_help_record click.Parameter.value_is_missing
click.Parameter.make_metavar click.Parameter.get_default click.HelpFormatter.write_usage
click.types.CompositeParamType click.types.StringParamType click.types.FuncParamType click.types.BoolParamType
click.types.UnprocessedParamType click.shell_completion.BashComplete.source_template
click.shell_completion.ZshComplete click.shell_completion.FishComplete.format_completion
click.shell_completion.add_completion_class click.shell_completion.get_completion_class
click.shell_completion.CompletionItem click.shell_completion.split_arg_string click.testing.Result.stdout
click.testing.Result.stderr click.testing.CliRunner.isolated_filesystem itsdangerous.URLSafeTimedSerializer
itsdangerous.exc.SignatureExpired itsdangerous.want_bytes itsdangerous.url_safe markupsafe.Markup
""".split()


def find(name: str) -> object:
    """Give what a dotted name stands for: the longest module that there is, and attributes of it."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            module = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        return reduce(getattr, parts[length:], module)
    raise ModuleNotFoundError(name)


def missing() -> list[str]:
    """Give the names that are not there."""
    gone = []
    for name in NAMES:
        try:
            find(name)
        except (AttributeError, ModuleNotFoundError):
            gone.append(name)
    return gone


def test_the_references_have_them() -> None:
    """The table is about names that are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert missing() == []


def test_drop_in_mode_has_them() -> None:
    """Each of them, and from dray."""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "dray.framework.compat", str(Path(__file__))]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, f"{len(NAMES)} names, missing: []\n"), (
        result.stdout + result.stderr
    )


if __name__ == "__main__":
    import flask

    assert flask.__name__ == "dray.framework"
    print(f"{len(NAMES)} names, missing: {missing()}")
