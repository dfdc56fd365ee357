/* Runs the program inside this process, by python311.dll beside it: its name, icon and signature are the program's own.

   Built by packaging/windows/stage without a console (fazhi-ledger.exe), with one (fazhi-ledger-cli.exe), and for a stick.
   Paths are wide throughout: a user's name may be Chinese, and a folder may hold spaces. */
#include <windows.h>
#include <shellapi.h>
#include <stdlib.h>
#include <wchar.h>

#ifdef PORTABLE /* on a stick it stands beside the folder of the program, not in it */
#define FOLDER L"\\program"
#define AGAIN L"请把便携版重新解压一遍，“数据”文件夹不要动。"
#else
#define FOLDER L""
#define AGAIN L"请重新运行安装程序，装在原来的文件夹。"
#endif
#define LONGEST 32768 /* characters of a path, the most that Windows knows */

typedef int (*run_python)(int, wchar_t **);

static wchar_t place[LONGEST], dll[LONGEST], script[LONGEST];

static int fail(const wchar_t *words)
{
#ifdef CONSOLE
    DWORD written;
    if (!WriteConsoleW(GetStdHandle(STD_ERROR_HANDLE), words, (DWORD)wcslen(words), &written, NULL)) {
        char bytes[2048];
        int length = WideCharToMultiByte(CP_UTF8, 0, words, -1, bytes, sizeof bytes, NULL, NULL);
        WriteFile(GetStdHandle(STD_ERROR_HANDLE), bytes, length > 0 ? length - 1 : 0, &written, NULL);
    }
#else
    MessageBoxW(NULL, words, L"法治台账", MB_OK | MB_ICONERROR);
#endif
    return 3;
}

int main(void)
{
    int given, count = 0;
    wchar_t **arguments = CommandLineToArgvW(GetCommandLineW(), &given);
    DWORD length = GetModuleFileNameW(NULL, place, LONGEST);
    wchar_t *name = length && length < LONGEST - 64 ? wcsrchr(place, L'\\') : NULL;
    if (!arguments || !name)
        return fail(L"法治台账没有启动：程序的路径太长。台账没有动；请把程序装在短一些的文件夹里。\n");
    wcscpy(dll, place);
    wcscpy(dll + (name - place), FOLDER L"\\python\\python311.dll");
    wcscpy(script, place);
    wcscpy(script + (name - place), FOLDER L"\\start.py");

    /* Another program's settings for its own Qt (Anaconda leaves such) would keep ours from finding its plugins. */
    _wputenv_s(L"QT_PLUGIN_PATH", L"");
    _wputenv_s(L"QT_QPA_PLATFORM_PLUGIN_PATH", L"");

    HMODULE library = LoadLibraryExW(dll, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    run_python run = library ? (run_python)(void *)GetProcAddress(library, "Py_Main") : NULL;
    if (!run)
        return fail(L"法治台账没有启动：程序文件不全（python311.dll）。台账没有动；" AGAIN L"\n");

    wchar_t **passed = calloc((size_t)given + 8, sizeof *passed);
    if (!passed)
        return fail(L"法治台账没有启动：内存不足。台账没有动；请关闭别的程序再试。\n");
    passed[count++] = place;
    passed[count++] = L"-I";
    passed[count++] = L"-X";
    passed[count++] = L"utf8"; /* what is piped into a file is UTF-8, as on Linux */
    passed[count++] = script;
    for (int i = 1; i < given; i++)
        passed[count++] = arguments[i];
    return run(count, passed);
}
