# 法治台账：安装、运行、测试。只需要 python3（3.11至3.13）和 make；PYTHON=路径 指明用哪个 python。
PYTHON ?=
VENV := .venv/bin
DEMO := build/demo
DESKTOP := $(VENV)/python -m desktop --data $(DEMO)

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench exact torture package package-test wine-test lock clean

help: ## 列出这些命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## 建立运行和测试的环境（.venv），补齐系统缺的库
	@PYTHON="$(PYTHON)" packaging/prepare dev

run: ## 备好环境和示例年度，打开窗口；没有屏幕时打印一个月并存一张窗口图片
	@PYTHON="$(PYTHON)" packaging/prepare run
	@test -d $(DEMO) || { echo "建立示例年度（2022年），约需一分钟" && rm -rf $(DEMO).new && mkdir -p build && \
	    $(VENV)/python -m desktop --data $(DEMO).new demo --year 2022 >/dev/null && mv $(DEMO).new $(DEMO); }
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	    $(DESKTOP); \
	else \
	    $(DESKTOP) print month 2022-12 -o build/2022-12.pdf && \
	    QT_QPA_PLATFORM=offscreen $(DESKTOP) picture -o build/window.png && \
	    echo "这台电脑没有屏幕：2022年12月的月度汇总在 build/2022-12.pdf，窗口的图片在 build/window.png。"; \
	fi

# 几个进程一起测：各从一段开始，做完的接别人的，所以同一个文件的准备工作大多只做一次；编译结果留着，测试里另起的程序启动快一半。
test: setup ## 运行全部测试（每个处理器核心一个进程，至多八个）
	@unset PYTHONDONTWRITEBYTECODE; $(VENV)/python -m pytest -q -n auto --maxprocesses 8 --dist worksteal

check: setup ## 检查写法、类型和各部分的依赖关系
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/pyright
	@$(VENV)/lint-imports --no-cache
	@$(VENV)/python packaging/snapshot.py $(ADVISORIES)

bench: setup ## 测速：与底线相比的倍数
	@$(VENV)/python tests/bench/run.py

exact: setup ## 用一万个随机片段核对搜索：与逐条比对的结果全同
	@EXACT=10000 $(VENV)/python -m pytest -q tests/db/test_exact_search.py

torture: setup ## 反复弄坏再看：随时杀掉程序、每次写盘都出错、台账文件被截断或改动、百万个怪输入（半小时以上，印出次数）
	@TORTURE=1 $(VENV)/python -m pytest -q -s -o faulthandler_timeout=0 tests/torture

package: setup ## 打安装包：build/dist 里的 .deb（amd64、arm64）、Windows 的 setup.exe 和U盘上直接用的便携 zip（要 python.org 的压缩包，见 packaging/windows/BUILD.md）
	@packaging/linux/package amd64
	@packaging/linux/package arm64
	@packaging/windows/package

package-test: setup ## 试安装包：在空的 Debian 11、12 里不联网装上、用、升级、退回、卸载，从U盘直接用，fcitx5、fcitx4 打拼音，解释器自带的测试（要 root）
	@packaging/linux/package amd64
	@packaging/linux/lint build/dist/fazhi-ledger_*_amd64.deb
	@packaging/linux/test_deb build/dist/fazhi-ledger_*_amd64.deb
	@packaging/linux/test_typing build/dist/fazhi-ledger_*_amd64.deb
	@packaging/linux/test_python

wine-test: setup ## 在 wine 里装上、用、升级、卸载 setup.exe；没有 python.org 的压缩包就用替身，不能发给人（要 root）
	@packaging/windows/package stand-in
	@packaging/windows/test_wine "$$(ls -t build/dist/fazhi-ledger-*-setup*.exe | head -n 1)"

lock: ## 依 run.in、dev.in 重新锁定软件包
	@PYTHON="$(PYTHON)" packaging/requirements/lock

clean: ## 删除示例年度和打印结果（build）
	@rm -rf build
